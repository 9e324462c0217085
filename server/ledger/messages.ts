import type { Outcome } from './decide-batch.js';
import type { LedgerMeasure } from './measure.js';
import type { Decision } from './rule.js';

/** A message from the door to the ledger's thread. */
export type ToThread =
  | { readonly decide: readonly { readonly number: number; readonly decision: Decision }[] }
  | { readonly close: true };

/** A number with its outcome as a list of plain values: to copy an object to another thread is to copy its names with it. */
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
  | { readonly failed: string };
