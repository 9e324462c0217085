import assert from 'node:assert/strict';
import type { Refusal } from '../errors.js';
import type { Book, KnownBook } from './book/book.js';
import type { Lookup } from './book/lookup.js';

/** The caller, as the door found out. */
export interface Caller {
  readonly userId: number | null;
  /** Whether a person acts, in a session, rather than a script with a token. */
  readonly isPerson: boolean;
  /** The session or personal token that was shown, to be judged again when it is decided; none of one who needs none. */
  readonly credential?: { readonly kind: 'session' | 'token'; readonly id: number };
  readonly address: string;
  readonly requestId: string;
  /** A code that was shown beside the act, as it was sent; it goes no further than to whoever finds out what it is worth. */
  readonly shownCode?: string;
  /** The worth of the code that was shown. */
  readonly factor?: ShownFactor;
  /** Whether the operator lets administrators change nothing without a second factor. */
  readonly adminsNeedFactor?: boolean;
}

/** The worth of a code that was shown beside an act, to be judged when that is decided. */
export interface ShownFactor {
  /** The sealed secret that it was held against. */
  readonly secret: string;
  /** The steps of time around now of which it is the code. */
  readonly steps: readonly number[];
  /** The hash of a recovery code. */
  readonly recoveryHash: string | null;
  /** The keys that a wrong code counts under. */
  readonly guesses: readonly {
    readonly key: string;
    readonly free: number;
    readonly firstWaitMicros: number;
  }[];
}

/** The moment at which a batch is decided. */
export interface Moment {
  /** Microseconds since 1970: the timestamp service's for rules that need it, the machine's for others. */
  readonly now: number;
  /** The machine's clock, for what must not happen early when the timestamp service is ahead. */
  readonly machineNow: number;
}

declare const isOfRule: unique symbol;

/** The name of a rule that there is: `defineRule` alone makes one, so that no decision is made by hand under a wrong one. */
export type RuleName = string & { readonly [isOfRule]: true };

/** Plain data that names a rule and its input; `decision` makes it of what the rule takes. */
export interface Decision {
  readonly rule: RuleName;
  /** The wish of the client, after parsing and defaults: the same input under the same key is the same act. */
  readonly input: unknown;
  /** Facts that the client did not say and the book does not hold, such as a quote; not part of what the key stands for. */
  readonly facts?: unknown;
  readonly caller: Caller;
  /** The Idempotency-Key. */
  readonly key?: string;
  /** Whether the decision is judged like the real one, and then dropped. */
  readonly isDryRun?: boolean;
}

export interface Circumstances<Facts = unknown> {
  readonly caller: Caller;
  readonly moment: Moment;
  readonly facts: Facts;
  readonly isDryRun: boolean;
}

/** The answer of a rule that accepts. */
export interface Acceptance {
  readonly status: number;
  readonly body: unknown;
  readonly location?: string;
  /**
   * The payment that the body is, or the first of those that it is made of: then the answer is not written again but made
   * from what was paid when it is asked for.
   */
  readonly paymentId?: number;
  /** The data beside payments and the input that it takes to make the answer again. */
  readonly replayData?: string;
}

/** The answer of a rule that has nothing to say but that it is done. */
export const done: Acceptance = { status: 204, body: null };

/** The way in which an answer that is made of payments is made again, byte for byte, for a key that is repeated. */
export interface Replay<Input = unknown> {
  readonly reads: (book: KnownBook, remembered: RememberedPayments, input: Input) => readonly Lookup[];
  readonly answer: (
    book: Book,
    remembered: RememberedPayments,
    input: Input,
  ) => Pick<Acceptance, 'body' | 'location'>;
}

/** The payments by which a key remembers an answer that is made of them. */
export interface RememberedPayments {
  readonly userId: number;
  readonly paymentId: number;
  /** The data that the acceptance gave beside them; null where it gave none. */
  readonly replayData: string | null;
}

/** A rule is two pure functions: what must be read for an input, and what is decided over it. */
export interface Rule<Input = unknown, Facts = unknown> {
  /** The name by which decisions call it. */
  readonly name: RuleName;
  /** Whether it needs the timestamp service's time: whatever moves money does. */
  readonly needsTime: boolean;
  /**
   * The lookups of a decision: asked again with what has been read so far, until it asks for nothing new. `now` is the
   * moment's.
   */
  readonly reads: (book: KnownBook, input: Input, caller: Caller, now: number) => readonly Lookup[];
  /** Records in the book what is to be written and gives the answer, or throws a Refusal. */
  readonly decide: (book: Book, input: Input, circumstances: Circumstances<Facts>) => Acceptance;
  /** Records what is to be written although the rule has refused, such as a count of tries; not for a dry run. It refuses nothing. */
  readonly noteRefusal?: (
    book: Book,
    input: Input,
    refusal: Refusal,
    circumstances: Pick<Circumstances, 'caller' | 'moment'>,
  ) => void;
  /** The replay of a rule whose answers are payments, or made of payments. */
  readonly replay?: Replay<Input>;
  /** Whether it waits for the write lock even where it writes nothing: to find out that something could be written. */
  readonly needsTurn?: true;
}

/** A rule of which nothing is known but that it is one. */
export type AnyRule = Rule<never, never>;

/** Rules by name. */
export type Rules = Readonly<Record<string, AnyRule>>;

/** Makes a rule that takes this input and, where it needs what neither the input nor the book says, these facts. */
export function defineRule<Input, Facts = undefined>(
  name: string,
  rule: Omit<Rule<Input, Facts>, 'name'>,
): Rule<Input, Facts> {
  return { name: name as RuleName, ...rule };
}

/** The table in which the ledger looks up the rules of its decisions. */
export function rulesByName(rules: readonly AnyRule[]): Rules {
  const table = Object.fromEntries(rules.map((rule) => [rule.name, rule]));
  assert.equal(Object.keys(table).length, rules.length, 'two rules have the same name');
  return table;
}

/** The parts of a decision by this rule; facts exactly where the rule takes some. */
export type Asked<Input, Facts> = {
  readonly input: Input;
  readonly caller: Caller;
  readonly key?: string | undefined;
  readonly isDryRun?: boolean | undefined;
} & ([Facts] extends [undefined] ? { readonly facts?: never } : { readonly facts: Facts });

/** Makes a decision by a rule: the one place where an input goes under the name of its rule. */
export function decision<Input, Facts>(
  rule: Rule<Input, Facts>,
  { input, facts, caller, key, isDryRun }: Asked<NoInfer<Input>, NoInfer<Facts>>,
): Decision {
  return {
    rule: rule.name,
    input,
    caller,
    ...(facts !== undefined && { facts }),
    ...(key !== undefined && { key }),
    ...(isDryRun !== undefined && { isDryRun }),
  };
}
