import type { IdempotencyKeyRow } from '../../db/rows.js';
import type { Book } from './book.js';
import type { Lookup } from './lookup.js';

/** Who asks, as the door found out. */
export interface Caller {
  readonly userId: number | null;
  /** Whether a person acts, in a session, rather than a script with a token. */
  readonly isPerson: boolean;
  readonly address: string;
  readonly requestId: string;
}

/** When a batch is decided. */
export interface Moment {
  /** Microseconds since 1970: the timestamp service's for rules that need it, the machine's for others. */
  readonly now: number;
  /** The machine's clock, for what must not happen early when the timestamp service is ahead. */
  readonly machineNow: number;
}

/** Plain data that names a rule and its input. */
export interface Decision {
  readonly rule: string;
  /** What the client asked for, after parsing and defaults: the same input under the same key is the same act. */
  readonly input: unknown;
  /** What the door adds that the client did not say, such as a quote; not part of what the key stands for. */
  readonly aside?: unknown;
  readonly caller: Caller;
  /** The Idempotency-Key. */
  readonly key?: string;
  /** Judged like the real one, then dropped. */
  readonly isDryRun?: boolean;
}

export interface Circumstances<Aside = unknown> {
  readonly caller: Caller;
  readonly moment: Moment;
  readonly aside: Aside;
  readonly isDryRun: boolean;
}

/** What the client is told when a rule accepts. */
export interface Acceptance {
  readonly status: number;
  readonly body: unknown;
  readonly location?: string;
  /** The payment that the body is: then the answer is not written again but made from the payment when it is asked for. */
  readonly paymentId?: number;
}

/** How an answer that is a payment is made again, byte for byte, for a key that is repeated. */
export interface Replay {
  readonly reads: (book: Book, remembered: IdempotencyKeyRow) => readonly Lookup[];
  readonly answer: (book: Book, remembered: IdempotencyKeyRow) => Pick<Acceptance, 'body' | 'location'>;
}

/** Two pure functions: what must be read for an input, and what is decided over it. */
export interface Rule<Input = unknown, Aside = unknown> {
  /** Whether it needs the timestamp service's time: whatever moves money does. */
  readonly needsTime: boolean;
  /** Asked again with what has been read so far, until it asks for nothing new. `now` is the moment's. */
  readonly reads: (book: Book, input: Input, caller: Caller, now: number) => readonly Lookup[];
  /** Records in the book what is to be written and gives the answer, or throws a Refusal. */
  readonly decide: (book: Book, input: Input, circumstances: Circumstances<Aside>) => Acceptance;
  /** Of a rule whose answers are payments. */
  readonly replay?: Replay;
}

/** Rules by name. A room's rules know their own inputs; the ledger hands them what the room put into the decision. */
export type Rules = Readonly<Record<string, Rule>>;

export function defineRule<Input, Aside = undefined>(rule: Rule<Input, Aside>): Rule {
  return rule as unknown as Rule;
}
