import type { MoneyJson } from '../../server/money/wire.js';

/** The minor units of an amount that has all its decimals. */
export const minorOf = (amount: string): bigint => BigInt(amount.replace('.', ''));

function amountOf(minor: bigint, decimals: number): string {
  const digits = String(minor).padStart(decimals + 1, '0');
  return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/** One exact sum for each currency, in the order in which they come. Amounts are not negative and have all their decimals. */
export function sumMoney(moneys: readonly MoneyJson[]): readonly MoneyJson[] {
  const sums = new Map<string, { minor: bigint; decimals: number }>();
  for (const { amount, currency } of moneys) {
    const { minor } = sums.get(currency) ?? { minor: 0n };
    sums.set(currency, { minor: minor + minorOf(amount), decimals: amount.split('.')[1]?.length ?? 0 });
  }
  return [...sums].map(([currency, { minor, decimals }]) => ({
    amount: amountOf(minor, decimals),
    currency,
  }));
}

/** The shortfall of `available` for `needed`, both of one currency; undefined where it suffices. */
export function shortfall(needed: MoneyJson, available: MoneyJson): MoneyJson | undefined {
  const missing = minorOf(needed.amount) - minorOf(available.amount);
  const decimals = needed.amount.split('.')[1]?.length ?? 0;
  return missing > 0n ? { amount: amountOf(missing, decimals), currency: needed.currency } : undefined;
}
