import type { PayoutRecord } from './journal.js';
import { type DigestedLine, digestOf, linesByDigest } from './line-digest.js';

const dayMs = 24 * 60 * 60_000;
// Less than a week, for wages that are paid every week say the same each time.
const warnedForDays = 6;

/** Lines of a file that an earlier payout has paid or, where it is not finished, may have paid. */
export interface PaidBefore {
  readonly record: PayoutRecord;
  readonly lines: readonly DigestedLine[];
}

/** Whether a payout was finished so many days ago, or longer. */
export const isFinishedFor = ({ finishedAt }: PayoutRecord, days: number, now: Date): boolean =>
  finishedAt !== null && now.getTime() - Date.parse(finishedAt) >= days * dayMs;

/** The payouts that are not finished, and those whose lines are not meant again as a matter of course. */
export const lately = (records: readonly PayoutRecord[], now: Date): readonly PayoutRecord[] =>
  records.filter((record) => !isFinishedFor(record, warnedForDays, now));

function countsOf({ digests = [], items = [], currency }: PayoutRecord): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const digest of [...digests, ...items.map((item) => digestOf(item, currency))]) {
    counts.set(digest, (counts.get(digest) ?? 0) + 1);
  }
  return counts;
}

/**
 * The lines that payouts have paid, or may have, by the latest of them that did. Of lines that are alike, as many as one payout
 * had.
 */
export function paidBefore(
  lines: readonly DigestedLine[],
  records: readonly PayoutRecord[],
): readonly PaidBefore[] {
  const payouts = records
    .toSorted((one, other) => other.createdAt.localeCompare(one.createdAt))
    .map((record) => ({ record, counts: countsOf(record), lines: [] as DigestedLine[] }));
  const seen = new Map<string, number>();
  for (const line of lines) {
    const count = (seen.get(line.digest) ?? 0) + 1;
    seen.set(line.digest, count);
    payouts.find(({ counts }) => (counts.get(line.digest) ?? 0) >= count)?.lines.push(line);
  }
  return payouts
    .filter((payout) => payout.lines.length > 0)
    .map(({ record, lines: paid }) => ({ record, lines: paid }));
}

/**
 * The lines of a file for the payments of a payout that is not finished, in the order and the writing in which they were sent;
 * undefined where the file lacks one of them.
 */
export function linesAsSent(
  { items = [], currency }: PayoutRecord,
  lines: readonly DigestedLine[],
): readonly DigestedLine[] | undefined {
  const places = linesByDigest(lines.toReversed());
  const sent = items.flatMap((item) => {
    const digest = digestOf(item, currency);
    const line = places.get(digest)?.pop()?.line;
    return line === undefined ? [] : [{ ...item, line, digest }];
  });
  return sent.length === items.length ? sent : undefined;
}
