/** A number above zero, exactly. */
export interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** The number that a decimal such as `12.50` says. */
export function fractionOf(decimal: string): Fraction {
  const [whole = '', decimals = ''] = decimal.split('.');
  return { numerator: BigInt(whole + decimals), denominator: 10n ** BigInt(decimals.length) };
}

/** Whether a decimal is more than another, to the last digit. */
export function isMore(one: string, other: string): boolean {
  const [left, right] = [fractionOf(one), fractionOf(other)];
  return left.numerator * right.denominator > right.numerator * left.denominator;
}
