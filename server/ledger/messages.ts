import type { LedgerMeasure } from './measure.js';
import type { Outcome } from './outcome.js';
import type { Caller, Decision } from './rule.js';

// To copy an object to another thread is to copy its names with it: what there is much of travels as lists.

/** What few callers have. */
type RareOfCaller = Pick<Caller, 'shownCode' | 'factor' | 'adminsNeedFactor'>;

/** A number with its decision as a list. */
export type DecisionOnTheWay = readonly [
  number: number,
  rule: Decision['rule'],
  input: Decision['input'],
  facts: Decision['facts'],
  key: Decision['key'],
  isDryRun: Decision['isDryRun'],
  userId: Caller['userId'],
  isPerson: Caller['isPerson'],
  credentialKind: 'session' | 'token' | undefined,
  credentialId: number | undefined,
  address: Caller['address'],
  requestId: Caller['requestId'],
  rare: RareOfCaller | undefined,
];

export function packDecision(number: number, decision: Decision): DecisionOnTheWay {
  const { rule, input, facts, key, isDryRun, caller } = decision;
  const { userId, isPerson, credential, address, requestId, ...rare } = caller;
  const hasRare = Object.keys(rare).length > 0;
  return [
    number,
    rule,
    input,
    facts,
    key,
    isDryRun,
    userId,
    isPerson,
    credential?.kind,
    credential?.id,
    address,
    requestId,
    hasRare ? rare : undefined,
  ];
}

export function unpackDecision(packed: DecisionOnTheWay): {
  readonly number: number;
  readonly decision: Decision;
} {
  const [number, rule, input, facts, key, isDryRun, userId, isPerson, kind, id, address, requestId, rare] =
    packed;
  const caller: Caller = {
    userId,
    isPerson,
    address,
    requestId,
    ...(kind !== undefined && id !== undefined && { credential: { kind, id } }),
    ...rare,
  };
  const decision: Decision = {
    rule,
    input,
    caller,
    ...(facts !== undefined && { facts }),
    ...(key !== undefined && { key }),
    ...(isDryRun !== undefined && { isDryRun }),
  };
  return { number, decision };
}

/** A message from the door to the ledger's thread. */
export type ToThread = { readonly decide: readonly DecisionOnTheWay[] } | { readonly close: true };

/** A number with its outcome as a list. */
export type AnswerOnTheWay = readonly [
  number: number,
  status: Outcome['status'],
  code: Outcome['code'],
  json: Outcome['json'],
  location: Outcome['location'],
  isReplay: Outcome['isReplay'],
  retryAfterSeconds: Outcome['retryAfterSeconds'],
  fault: Outcome['fault'],
  storageFault: Outcome['storageFault'],
];

export const packAnswer = (number: number, outcome: Outcome): AnswerOnTheWay => [
  number,
  outcome.status,
  outcome.code,
  outcome.json,
  outcome.location,
  outcome.isReplay,
  outcome.retryAfterSeconds,
  outcome.fault,
  outcome.storageFault,
];

export function unpackAnswer(packed: AnswerOnTheWay): { readonly number: number; readonly outcome: Outcome } {
  const [number, status, code, json, location, isReplay, retryAfterSeconds, fault, storageFault] = packed;
  return {
    number,
    outcome: { status, code, json, location, isReplay, retryAfterSeconds, fault, storageFault },
  };
}

/** A message from the ledger's thread to the door. */
export type FromThread =
  | { readonly ready: true }
  | {
      /** What commits changed that those outside may wait for, in the words of whoever wired the thread; told before the answers. */
      readonly notices: readonly unknown[];
      readonly answers: readonly AnswerOnTheWay[];
      /** What the ledger has done since the message before. */
      readonly measure?: LedgerMeasure | undefined;
    }
  | { readonly broken: string }
  /** A mistake of ours for which a batch was given up. */
  | { readonly mistake: string }
  | {
      readonly failed: string;
      /** What the system or the database calls it. */
      readonly code?: string;
    };
