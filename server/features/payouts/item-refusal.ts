import assert from 'node:assert/strict';
import { Refusal } from '../../errors.js';

/** The most items that a refusal names: more no client reads, and a thousand should not make a large answer. */
const mostNamed = 50;

/** An item of a payout that was refused. */
export interface RefusedItem {
  readonly index: number;
  readonly refusal: Refusal;
}

/**
 * The refusal of one item, where that is its own. What says nothing about the item, such as a service that does not answer,
 * is thrown on: it is no answer to be kept.
 */
export function itemRefusalOf(error: unknown, index: number): RefusedItem {
  if (!(error instanceof Refusal) || error.status >= 500) {
    throw error;
  }
  const { code, message, details } = error;
  const errors = details.errors?.map(({ field, message: why }) => ({
    field: `items.${index}.${field}`,
    message: why,
  }));
  return { index, refusal: new Refusal(code, message, { ...details, ...(errors && { errors }) }) };
}

/** The refusal of a whole payout for the sake of these items: the first one's code and figures, and the first `atMost` are named. */
export function wholeRefusal(refused: readonly RefusedItem[], atMost = mostNamed): Refusal {
  const [one] = refused;
  assert(one, 'A payout is refused for the sake of an item.');
  const { index, refusal: first } = one;
  const named = refused.slice(0, atMost);
  const others = refused.length === 1 ? '' : ` ${refused.length - 1} more are refused.`;
  return new Refusal(first.code, `items.${index}: ${first.message}${others} Nobody was paid.`, {
    figures: {
      ...first.details.figures,
      items: named.map((item) => ({
        index: item.index,
        code: item.refusal.code,
        detail: item.refusal.message,
        ...item.refusal.details.figures,
      })),
    },
    errors: named
      .slice(0, mostNamed)
      .flatMap(
        (item) =>
          item.refusal.details.errors ?? [{ field: `items.${item.index}`, message: item.refusal.message }],
      ),
  });
}
