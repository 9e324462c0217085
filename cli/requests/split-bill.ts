/**
 * The shares of a bill in minor units: as even as can be, what is left over going to the first ones, one minor unit
 * each, so that they add up to the bill. Of a bill too small for so many, the last ones are zero.
 * @throws RangeError where the bill is no safe integer above zero or there is nobody to share it
 */
export function splitBill(minor: number, shares: number): number[] {
  if (!Number.isSafeInteger(minor) || minor <= 0 || !Number.isSafeInteger(shares) || shares <= 0) {
    throw new RangeError(`cannot share ${minor} among ${shares}`);
  }
  const remainder = minor % shares;
  const even = (minor - remainder) / shares;
  return Array.from({ length: shares }, (_, index) => (index < remainder ? even + 1 : even));
}
