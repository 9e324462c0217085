import { Refusal } from '../../errors.js';
import { currencyOf } from '../../money/currency.js';
import type { Money } from '../../money/money.js';
import { parseAmount } from '../../money/parse.js';
import { findRated, type RateTable } from '../../money/rate-table.js';
import type { MoneyJson } from '../../money/wire.js';
import { type Converter, quoteAt } from '../conversion/converter.js';

export interface OpeningCreditParts {
  /** The money that a new user is given, in any currency that it can be converted to. */
  readonly openingCredit: MoneyJson;
  readonly converter: Converter;
}

/** Whether nothing is given, whatever the currencies are. */
export const isNoCredit = ({ amount }: MoneyJson) => amount === '0';

/** The opening credit as money of this server. The amount must fit its currency, as `openingCreditProblem` sees. */
export function openingCreditMoney({ amount, currency }: MoneyJson): Money {
  const parsed = parseAmount(amount, currencyOf(currency));
  if ('fault' in parsed) {
    throw new RangeError(parsed.message);
  }
  return { minor: parsed.minor, currency };
}

/** Why an opening credit cannot be given with these currencies; undefined where it can. */
export function openingCreditProblem(
  { amount, currency: code }: MoneyJson,
  table: RateTable,
): string | undefined {
  if (isNoCredit({ amount, currency: code })) {
    return undefined;
  }
  const currency = findRated(table, code);
  if (currency === undefined) {
    return `${code} is none of the currencies`;
  }
  const parsed = parseAmount(amount, currency);
  if ('fault' in parsed) {
    return parsed.message;
  }
  const { minor } = parsed;
  const without = table.currencies.find(
    (other) =>
      currency.rate !== null &&
      other.rate !== null &&
      (quoteAt(table, { from: code, to: other.code, fixed: 'sent', minor })?.received.minor ?? 0) === 0,
  );
  return without && `${amount} ${code} is too little or too much in ${without.code}`;
}

const isNotConvertible = (error: unknown) => error instanceof Refusal && error.code === 'NOT_CONVERTIBLE';

/** Minor units of the opening credit in a currency; none where it cannot be converted to that. */
export async function openingCreditIn(
  { converter, openingCredit }: OpeningCreditParts,
  currency: string,
): Promise<number> {
  if (isNoCredit(openingCredit)) {
    return 0;
  }
  const { minor, currency: from } = openingCreditMoney(openingCredit);
  if (from === currency) {
    return minor;
  }
  try {
    const quote = await converter({ from, to: currency, fixed: 'sent', minor });
    if (quote) {
      return quote.received.minor;
    }
  } catch (error) {
    if (isNotConvertible(error)) {
      return 0;
    }
    throw error;
  }
  throw new Error(`The opening credit cannot be held in ${currency}.`);
}
