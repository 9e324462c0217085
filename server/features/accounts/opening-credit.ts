import type { Money } from '../../money/money.js';
import type { Converter } from '../conversion/converter.js';

export interface OpeningCreditParts {
  /** What a new user is given, in any currency. */
  readonly openingCredit: Money;
  readonly converter: Converter;
}

/** Minor units of the opening credit in a currency. */
export async function openingCreditIn(
  { converter, openingCredit }: OpeningCreditParts,
  currency: string,
): Promise<number> {
  if (openingCredit.minor === 0 || openingCredit.currency === currency) {
    return openingCredit.minor;
  }
  const { minor } = openingCredit;
  const quote = await converter({ from: openingCredit.currency, to: currency, fixed: 'sent', minor });
  if (!quote) {
    throw new Error(`The opening credit cannot be held in ${currency}.`);
  }
  return quote.received.minor;
}
