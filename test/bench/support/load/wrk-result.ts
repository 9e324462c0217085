import assert from 'node:assert/strict';
import type { LoadResult } from './load.js';

interface Printed {
  readonly requests: number;
  readonly micros: number;
  readonly refused: number;
  readonly lost: number;
  readonly p50Micros: number;
  readonly p99Micros: number;
  readonly number: number;
}

/** The result that the script of wrk has printed, and the number of the payment that comes next. */
export function readWrkResult(output: string): LoadResult & { readonly nextPayment: number } {
  const [, json] = /^pay-bench (\{.*\})$/m.exec(output) ?? [];
  assert(json !== undefined, `wrk has printed no result: ${output}`);
  const { requests, micros, refused, lost, p50Micros, p99Micros, number } = JSON.parse(json) as Printed;
  const succeeded = requests - refused;
  return {
    succeeded,
    failed: refused + lost,
    perSecond: (succeeded / micros) * 1_000_000,
    p50Micros: requests === 0 ? Number.POSITIVE_INFINITY : p50Micros,
    p99Micros: requests === 0 ? Number.POSITIVE_INFINITY : p99Micros,
    nextPayment: number,
  };
}
