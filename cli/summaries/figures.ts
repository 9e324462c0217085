import type { SummaryJson } from '../../server/features/summaries/wire.js';
import type { MoneyJson } from '../../server/money/wire.js';
import type { Flow } from '../terminal/charts/bars.js';

export type Figures = SummaryJson['totals'][number];
export type Group = SummaryJson['data'][number];

/** An amount in the smallest units of its currency: to be drawn, not to be counted with. What is no amount is nothing. */
export function drawnMinor({ amount }: MoneyJson): number {
  const minor = Number(amount.replace('.', ''));
  return Number.isSafeInteger(minor) ? minor : 0;
}

export const flowOf = (figures: Figures): Flow => ({
  incoming: drawnMinor(figures.in),
  outgoing: drawnMinor(figures.out),
});
