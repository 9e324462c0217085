import type * as z from 'zod';
import { type FieldError, Refusal } from '../../errors.js';
import { currencyOf } from '../../money/currency.js';
import { nameKey } from '../accounts/user-store.js';
import { amountField } from '../conversion/amount-field.js';
import type { PayoutItem } from './send-payout.js';
import type { payoutSchema } from './wire.js';

type ItemBody = z.output<typeof payoutSchema>['items'][number];

const mostNamed = 50;

/** The items as the ledger judges them. Throws INVALID_AMOUNT, which names every amount that is none in its currency. */
export function readItems(items: readonly ItemBody[], ownCurrency: string): readonly PayoutItem[] {
  const faults: FieldError[] = [];

  function amountOf({ amount, currency = ownCurrency }: ItemBody, index: number): PayoutItem['amount'] {
    try {
      const minor = amountField(`items.${index}.amount`, amount, currencyOf(currency));
      return { minor, currency };
    } catch (error) {
      if (!(error instanceof Refusal)) {
        throw error;
      }
      faults.push(...(error.details.errors ?? []));
      return { minor: 0, currency };
    }
  }

  const read = items.map((item, index) => ({
    to: nameKey(item.to),
    amount: amountOf(item, index),
    memo: item.memo || null,
  }));
  const [first] = faults;
  if (first) {
    const others = faults.length === 1 ? '' : ` ${faults.length - 1} more are wrong.`;
    throw new Refusal('INVALID_AMOUNT', `${first.field}: ${first.message}${others} Nobody was paid.`, {
      errors: faults.slice(0, mostNamed),
    });
  }
  return read;
}
