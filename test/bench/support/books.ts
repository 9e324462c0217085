import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { seedPayments } from '../seed-payments.js';
import { type Person, readPeople, writePeople } from './load/person.js';

export interface BooksSize {
  readonly payments: number;
  readonly users: number;
  /** How many of the payments one single user has received. */
  readonly ofBusiest: number;
}

export interface SeededBooks {
  /** A data folder. */
  readonly folder: string;
  readonly payments: number;
  readonly ofBusiest: number;
  readonly people: readonly Person[];
  readonly busiest: Person;
  /** Has about a thousand payments. */
  readonly modest: Person;
  /** Paid each of those two a few times before anybody paid anything, and nobody since. */
  readonly firstPayer: Person;
}

const ofModest = 1_000;
const firstPayments = 5;

const nameOf = ({ payments, users, ofBusiest }: BooksSize) => `${payments}-${users}-${ofBusiest}`;

async function make(folder: string, { payments, users, ofBusiest }: BooksSize): Promise<void> {
  // Made beside and renamed, so that a folder with this name is whole.
  const draft = `${folder}.${process.pid}.new`;
  await mkdir(draft, { recursive: true, mode: 0o700 });
  try {
    const shares = { received: [ofBusiest, ofModest], firstFromOne: firstPayments };
    const people = await seedPayments(join(draft, 'pay.db'), payments, users, shares);
    writePeople(join(draft, 'people.txt'), people);
    await rename(draft, folder);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** Books of this size in a folder within `parent`: those of an earlier run where there are any, else new ones. */
export async function openBooks(
  parent: string,
  size: BooksSize,
  tell: (line: string) => void,
): Promise<SeededBooks> {
  const folder = join(parent, nameOf(size));
  const { payments, ofBusiest } = size;
  if (!(await readdir(parent)).includes(nameOf(size))) {
    tell(`making books of ${payments.toLocaleString('en')} payments …`);
    const startedMs = performance.now();
    await make(folder, size);
    const seconds = (performance.now() - startedMs) / 1000;
    tell(`made in ${seconds.toFixed(0)} s, ${(payments / seconds).toFixed(0)} payments a second`);
  }
  const people = readPeople(join(folder, 'people.txt'));
  const [busiest, modest, firstPayer] = people;
  if (!busiest || !modest || !firstPayer) {
    throw new Error(`${folder} does not hold the books that its name says. Remove it.`);
  }
  return { folder, payments, ofBusiest, people, busiest, modest, firstPayer };
}
