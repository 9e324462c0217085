import type { Database } from '../../../db/connect.js';
import { firstPaymentsSince } from '../../../db/first-payment-since.js';
import { type Clock, microsOf } from '../../clock.js';
import { readNewestPaymentMicros } from '../about/newest-payment.js';
import { type Step, type StepName, stepsBetween } from './steps.js';

/** The most groups that are given, and the most balances. */
export const mostGroups = 400;

/** A time from one moment to another, in microseconds, the first inclusive. */
export interface Span {
  readonly sinceMicros: number;
  readonly untilMicros: number;
}

/** The end of everything that was paid, whichever clock is ahead. */
export async function readNow(readers: Database, machineMicros: Clock): Promise<number> {
  return Math.max(machineMicros(), (await readNewestPaymentMicros(readers)) + 1);
}

/** The asked span of time as far as there is anything in it: from `beginMicros`, where it began, to now. */
export function spanOf(
  { since, until }: { readonly since?: string | undefined; readonly until?: string | undefined },
  beginMicros: number,
  nowMicros: number,
): Span {
  const sinceMicros = Math.min(Math.max(since === undefined ? 0 : microsOf(since), beginMicros), nowMicros);
  const asked = until === undefined ? nowMicros : Math.min(microsOf(until), nowMicros);
  return { sinceMicros, untilMicros: Math.max(asked, sinceMicros) };
}

/** A step with the numbers of the payments in it: from `first` to before `next`. */
export interface NumberedStep extends Step {
  readonly first: number;
  readonly next: number;
}

export interface Steps {
  /** The steps, newest first. */
  readonly steps: readonly NumberedStep[];
  readonly hasMore: boolean;
}

async function numbered(readers: Database, steps: readonly Step[]): Promise<readonly NumberedStep[]> {
  // A step ends where the one after it begins.
  const moments = steps.map(({ untilMicros }) => untilMicros);
  const oldest = steps.at(-1);
  const numbers = await firstPaymentsSince(readers, oldest ? [...moments, oldest.sinceMicros] : []);
  return steps.map((step, at) => ({ ...step, first: numbers[at + 1] ?? 0, next: numbers[at] ?? 0 }));
}

/** The steps of a span of time; where they have more groups than are given, of `groups` each, the newest. */
export async function readSteps(
  readers: Database,
  { sinceMicros, untilMicros }: Span,
  {
    groups = 1,
    ...calendar
  }: { readonly step: StepName; readonly timeZone: string; readonly groups?: number },
): Promise<Steps> {
  const most = Math.max(1, Math.floor(mostGroups / groups));
  const { steps, hasMore } = stepsBetween({ ...calendar, most }, sinceMicros, untilMicros);
  return { steps: await numbered(readers, steps), hasMore };
}

/** The whole span of time as one step. */
export async function readWhole(readers: Database, span: Span): Promise<Steps> {
  return { steps: await numbered(readers, [{ name: '', ...span }]), hasMore: false };
}
