import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { seedUsers } from '../seed-users.js';
import type { Ending } from './ending.js';
import type { Person } from './load/person.js';
import { type Program, startEcho, startPay } from './program.js';

/** A server whose users have paid nothing yet, and the reference beside it. */
export interface Town {
  readonly folder: string;
  readonly pay: Program;
  readonly echo: Program;
  /** A thousand who all hold pounds. */
  readonly people: readonly Person[];
  /** A thousand who hold one of four currencies each. */
  readonly mixed: readonly Person[];
}

const inhabitants = 1_000;
/** The currencies of the others, all with two decimals and of like worth. */
const others = ['GBP', 'USD', 'EUR', 'CHF'];

export async function startTown(ending: Ending, parent: string): Promise<Town> {
  const folder = join(parent, 'town');
  await mkdir(folder, { mode: 0o700 });
  const half = Array.from({ length: inhabitants }, () => 'GBP');
  const mixedHalf = Array.from({ length: inhabitants }, (_, number) => others[number % others.length] ?? '');
  const all = await seedUsers(join(folder, 'pay.db'), 2 * inhabitants, [...half, ...mixedHalf]);
  const pay = await startPay(ending, folder);
  const echo = await startEcho(ending, folder);
  return { folder, pay, echo, people: all.slice(0, inhabitants), mixed: all.slice(inhabitants) };
}
