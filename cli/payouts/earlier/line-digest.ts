import { createHash } from 'node:crypto';
import type { Payer } from '../../settling/payer.js';
import type { PayoutItem, PayoutLine } from '../file/payout-line.js';
import type { PayoutRecord } from './journal.js';

/** A line with the digest of what it says. */
export interface DigestedLine extends PayoutLine {
  readonly digest: string;
}

/** An amount without the zeros that say nothing, so that it is the same for 1 and 1.00 in every currency. */
const plainAmount = (amount: string) => (amount.includes('.') ? amount.replace(/\.?0+$/, '') : amount);

/**
 * The digest of what a payment of a file says, which is the same however it is written: names in either letter case, amounts
 * with or without their last zeros, the payer's own currency named or left out, line breaks of either kind.
 */
export function digestOf(
  { to, amount, currency, memo = '' }: PayoutItem,
  ownCurrency: string | undefined,
): string {
  const meant = [
    to.toLowerCase(),
    plainAmount(amount),
    currency ?? ownCurrency ?? '',
    memo.replaceAll('\r\n', '\n'),
  ];
  // Twenty characters tell more lines apart than anybody pays, and many of them are kept.
  return createHash('sha256').update(JSON.stringify(meant)).digest('base64url').slice(0, 20);
}

export function digestLines(
  lines: readonly PayoutLine[],
  ownCurrency: string | undefined,
): readonly DigestedLine[] {
  return lines.map((line) => ({ ...line, digest: digestOf(line, ownCurrency) }));
}

/** The lines as they are told apart: by the payer's currency or, where a token alone is known, by that of earlier payouts. */
export function linesMeant(
  lines: readonly PayoutLine[],
  payer: Payer,
  own: readonly Pick<PayoutRecord, 'currency'>[],
): readonly DigestedLine[] {
  const known = own.find(({ currency }) => currency !== undefined)?.currency;
  return digestLines(lines, payer.currency ?? known);
}

/** The hash of what the lines say together, whatever their order. */
export function contentHashOf(lines: readonly DigestedLine[]): string {
  const digests = lines.map(({ digest }) => digest).sort();
  return createHash('sha256').update(JSON.stringify(digests)).digest('hex');
}

/** The lines that say the same, in their order, under the digest of each group. */
export function linesByDigest(lines: readonly DigestedLine[]): Map<string, DigestedLine[]> {
  const groups = new Map<string, DigestedLine[]>();
  for (const line of lines) {
    const group = groups.get(line.digest);
    if (group) {
      group.push(line);
    } else {
      groups.set(line.digest, [line]);
    }
  }
  return groups;
}
