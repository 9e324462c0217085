import { convertDownAt, costAt, type RatedCurrency } from '../../server/money/convert.js';
import { formatAmount } from '../../server/money/format.js';
import { parseAmount } from '../../server/money/parse.js';
import type { CurrencyJson, MoneyJson } from '../../server/money/wire.js';
import type { TypedSum } from './typed-sum.js';

/** The two sides of a payment that is being typed, as far as they are known. */
export interface Sides {
  /** The currencies of the server, with its rates. */
  readonly currencies: readonly CurrencyJson[];
  /** The currency of the one who pays, and of the one who receives; undefined where it is not known. */
  readonly payer: string | undefined;
  readonly receiver: string | undefined;
  /** The currency of an amount without one. */
  readonly usual: string;
}

export type Preview =
  | { readonly sent: MoneyJson; readonly received: MoneyJson }
  /** What was typed is an amount, and what it is on the other side is not known. */
  | { readonly amount: MoneyJson }
  /** A sentence that says what is wrong. */
  | { readonly fault: string };

interface Fixed {
  readonly minor: number;
  readonly currency: CurrencyJson;
}

function moneyOf(minor: number, currency: CurrencyJson): MoneyJson {
  return { amount: formatAmount(minor, currency), currency: currency.code };
}

const ratedOf = ({ digits, rate }: CurrencyJson): RatedCurrency | undefined =>
  rate === null ? undefined : { digits, rate };

/** Both amounts of a payment of which one is fixed, as the server reckons it: down for the receiver, up for the payer. */
function bothOf(
  { minor, currency }: Fixed,
  payer: CurrencyJson,
  receiver: CurrencyJson,
): readonly [number | undefined, number | undefined] | 'not convertible' {
  if (payer.code === receiver.code) {
    return [minor, minor];
  }
  const [from, to] = [ratedOf(payer), ratedOf(receiver)];
  if (from === undefined || to === undefined) {
    return 'not convertible';
  }
  return currency.code === payer.code
    ? [minor, convertDownAt(minor, from, to)]
    : [costAt(minor, from, to), minor];
}

function converted(fixed: Fixed, payer: CurrencyJson, receiver: CurrencyJson): Preview {
  const both = bothOf(fixed, payer, receiver);
  if (both === 'not convertible') {
    return { fault: `${payer.code} and ${receiver.code} are not converted into each other here.` };
  }
  const [sent, received] = both;
  if (sent === undefined || received === undefined) {
    return { fault: 'This is more than any balance can hold.' };
  }
  return received === 0
    ? { fault: `This is too little: it would be nothing in ${receiver.code}.` }
    : { sent: moneyOf(sent, payer), received: moneyOf(received, receiver) };
}

/** The line below an amount that is typed: what it would be on both sides, or what is wrong with it. */
export function preview(
  { amount, currency: typed }: TypedSum,
  { currencies, payer, receiver, usual }: Sides,
): Preview {
  const code = typed ?? usual;
  const find = (wanted: string | undefined) => currencies.find((one) => one.code === wanted);
  const currency = find(code);
  if (currency === undefined) {
    return { fault: `There is no currency ${code} here.` };
  }
  const parsed = parseAmount(amount, currency);
  if ('message' in parsed) {
    return { fault: parsed.message };
  }
  const [from, to] = [find(payer), find(receiver)];
  const fixed = { minor: parsed.minor, currency };
  if (from === undefined || to === undefined) {
    return { amount: moneyOf(parsed.minor, currency) };
  }
  return code === from.code || code === to.code
    ? converted(fixed, from, to)
    : { fault: `Write it in ${[...new Set([from.code, to.code])].join(' or ')}.` };
}
