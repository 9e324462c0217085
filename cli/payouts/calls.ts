import type { Act } from '../api/operation.js';
import type { ActDescription } from '../settling/pending.js';
import { itemOf, type PayoutLine } from './file/payout-line.js';

/** As many payments as the server takes in one call. */
export const largestCall = 1_000;

type PayoutBody = Act<'POST /v1/payouts'>;

/** The lines in the parts that are sent together. */
export function partsOf(lines: readonly PayoutLine[], size: number): readonly (readonly PayoutLine[])[] {
  return Array.from({ length: Math.ceil(lines.length / size) }, (_, index) =>
    lines.slice(index * size, (index + 1) * size),
  );
}

export function payoutBody(lines: readonly PayoutLine[], mode: 'each' | 'all'): PayoutBody {
  return { mode, items: lines.map(itemOf) };
}

/** A call of a payout as the journal keeps it. */
export function payoutAct({ items }: { readonly items: readonly unknown[] }): ActDescription {
  const outcome =
    items.length === 1
      ? 'this payment of the file was made'
      : `these ${items.length} payments of the file were made`;
  return { kind: 'payout', outcome, marks: [] };
}
