import { type Fraction, fractionOf } from './fraction.js';
import { isSafeMinor, maxMinor } from './money.js';

/** A currency as a conversion needs it: its decimals, and how many units of it one unit of the base currency is. */
export interface RatedCurrency {
  readonly digits: number;
  /** The rate of the currency, an exact decimal. */
  readonly rate: string;
}

/** The exact rate: units of `to` for one unit of `from`. */
function exactRate(from: RatedCurrency, to: RatedCurrency): Fraction {
  const [source, target] = [fractionOf(from.rate), fractionOf(to.rate)];
  return {
    numerator: target.numerator * source.denominator,
    denominator: target.denominator * source.numerator,
  };
}

/** Makes a function of two currencies that works each pair out once and remembers it as long as these are about. */
function cachedByPair<Value>(
  work: (from: RatedCurrency, to: RatedCurrency) => Value,
): (from: RatedCurrency, to: RatedCurrency) => Value {
  const cache = new WeakMap<RatedCurrency, WeakMap<RatedCurrency, { readonly value: Value }>>();
  return (from, to) => {
    let ofFrom = cache.get(from);
    if (ofFrom === undefined) {
      ofFrom = new WeakMap();
      cache.set(from, ofFrom);
    }
    let known = ofFrom.get(to);
    if (known === undefined) {
      known = { value: work(from, to) };
      ofFrom.set(to, known);
    }
    return known.value;
  };
}

/** The exact rate of the smallest units: minor units of `to` for one minor unit of `from`. */
const exactMinorRate = cachedByPair((from, to): Fraction => {
  const { numerator, denominator } = exactRate(from, to);
  return {
    numerator: numerator * 10n ** BigInt(to.digits),
    denominator: denominator * 10n ** BigInt(from.digits),
  };
});

function assertAmount(minor: number): void {
  if (!isSafeMinor(minor) || minor < 0) {
    throw new RangeError(`not an amount in minor units: ${minor}`);
  }
}

function safeOrUndefined(minor: bigint): number | undefined {
  return minor > BigInt(maxMinor) ? undefined : Number(minor);
}

/**
 * The amount that arrives in `to` when `minor` of `from` is sent: exact, then rounded down once, so it may be zero.
 * Undefined where it would be no safe integer.
 * @throws RangeError for minor units that are negative or not a safe integer.
 */
export function convertDownAt(minor: number, from: RatedCurrency, to: RatedCurrency): number | undefined {
  assertAmount(minor);
  const { numerator, denominator } = exactMinorRate(from, to);
  return safeOrUndefined((BigInt(minor) * numerator) / denominator);
}

/**
 * The amount that is debited in `from` to make exactly `receivedMinor` of `to` arrive: exact, then rounded up once. It is
 * the smallest debit that converts to at least that much. Undefined where it would be no safe integer.
 * @throws RangeError for minor units that are negative or not a safe integer.
 */
export function costAt(receivedMinor: number, from: RatedCurrency, to: RatedCurrency): number | undefined {
  assertAmount(receivedMinor);
  const { numerator, denominator } = exactMinorRate(from, to);
  return safeOrUndefined((BigInt(receivedMinor) * denominator + numerator - 1n) / numerator);
}

/** Whether a rate is more than a tenth off the one before it; both are decimals above zero, and taken exactly. */
export function isMoreThanTenthOff(rate: string, before: string): boolean {
  const [next, last] = [fractionOf(rate), fractionOf(before)];
  const [one, other] = [next.numerator * last.denominator, last.numerator * next.denominator];
  return 10n * (one > other ? one - other : other - one) > other;
}

const significantDigits = 10;

/** The power of ten that the quotient must be multiplied by to have the significant digits before its point. */
function scaleFor({ numerator, denominator }: Fraction): number {
  const wholeDigits = String(numerator / denominator).length;
  if (numerator >= denominator) {
    return significantDigits - wholeDigits;
  }
  const leadingZeros = String((denominator - 1n) / numerator).length - 1;
  return significantDigits + leadingZeros;
}

function significantText(rate: Fraction): string {
  const scale = scaleFor(rate);
  const [up, down] = scale >= 0 ? [10n ** BigInt(scale), 1n] : [1n, 10n ** BigInt(-scale)];
  const divisor = rate.denominator * down;
  const rounded = (2n * rate.numerator * up + divisor) / (2n * divisor);
  if (scale <= 0) {
    return String(rounded * down);
  }
  const digits = String(rounded).padStart(scale + 1, '0');
  const point = digits.length - scale;
  return `${digits.slice(0, point)}.${digits.slice(point)}`.replace(/\.?0+$/, '');
}

/**
 * The rate as text: units of `to` for one unit of `from` to ten significant digits, without trailing zeros and never with an
 * exponent: to be read, not computed with.
 */
export const rateText = cachedByPair((from, to) => significantText(exactRate(from, to)));

/** The rate of the way back, to ten significant digits like the rate itself. */
export function inverseRateText(rate: string): string {
  const { numerator, denominator } = fractionOf(rate);
  return significantText({ numerator: denominator, denominator: numerator });
}
