import { loadByAutocannon } from './load-by-autocannon.js';
import { hasWrk, loadByWrk } from './load-by-wrk.js';
import type { Person } from './person.js';

/** The body that is posted: a payment to one of these, or one of these texts as it stands. */
export type Posted = { readonly payTo: readonly Person[] } | { readonly texts: readonly string[] };

/** Requests that many connections send, each the next as soon as the one before is answered. */
export interface Load {
  readonly url: string;
  readonly path: string;
  readonly connections: number;
  /** Whole ones. */
  readonly seconds: number;
  /** Each request is of one of them, at random; none where nobody need be logged in. */
  readonly senders: readonly Person[];
  /** Undefined for a GET. What is posted carries a fresh Idempotency-Key. */
  readonly posted?: Posted;
}

export interface LoadResult {
  /** How many were answered with success. */
  readonly succeeded: number;
  /** How many were answered otherwise, or not at all. */
  readonly failed: number;
  /** Those with success. */
  readonly perSecond: number;
  /** Of those that were answered; infinite where none was. */
  readonly p50Micros: number;
  readonly p99Micros: number;
}

/** The tools that a load needs besides itself. */
export interface LoadTools {
  /** Where scripts and lists may be written. */
  readonly folder: string;
  /** The number of the next payment: no two have the same amount, so that none looks like one that was made before. */
  nextPayment: number;
}

/** The name of the program that makes the load. */
export const loader = hasWrk ? 'wrk' : 'autocannon';

const run = hasWrk ? loadByWrk : loadByAutocannon;

/** Runs the load to its end. */
export async function runLoad(tools: LoadTools, load: Load): Promise<LoadResult> {
  return run(tools, load);
}
