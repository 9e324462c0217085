import type { PayoutAnswerJson } from '../../server/features/payouts/wire.js';
import { Failure } from '../failure/failure.js';
import type { PayoutLine } from './file/payout-line.js';
import type { LineResult } from './line-result.js';

interface RefusedItem {
  readonly index: number;
  readonly code: string;
  readonly detail: string;
}

/** What the refusal of a call says in which each line was judged by itself and none could be paid. */
export interface RefusedCall {
  readonly results: readonly LineResult[];
  readonly totals: PayoutAnswerJson['totals'];
}

/**
 * The refusal of a call that would have paid nobody, line by line; undefined where it is of another kind. The server
 * names the first lines only, once they were meant.
 */
export function refusedCall(error: unknown, lines: readonly PayoutLine[]): RefusedCall | undefined {
  const problem = error instanceof Failure ? error.details.problem : undefined;
  if (!Array.isArray(problem?.items) || problem.totals === undefined) {
    return undefined;
  }
  const named = new Map((problem.items as readonly RefusedItem[]).map((item) => [item.index, item]));
  const unnamed = {
    code: problem.code,
    detail: 'It was refused, too; the server says why of the first lines only.',
  };
  const results = lines.map(({ line, to }, index): LineResult => {
    const { index: _index, ...why } = named.get(index) ?? { index, ...unnamed };
    return { line, to, status: 'refused', payment: null, error: why };
  });
  return { results, totals: problem.totals as RefusedCall['totals'] };
}
