import type { PayoutJournal, PayoutRecord } from './journal.js';
import { isFinishedFor } from './paid-before.js';

// A file of last month may be finished with its mended lines in this one.
const linesKeptDays = 35;
const mostKept = 1_000;

async function forget(journal: PayoutJournal, { finishedAt, ...known }: PayoutRecord, isWhole: boolean) {
  await journal.alone(known, async () => {
    const found = await journal.find(known);
    // Meanwhile the same may have been begun once more.
    if (found?.finishedAt !== finishedAt) {
      return;
    }
    const { digests: _digests, ...rest } = found;
    await (isWhole ? journal.remove(found) : journal.write(rest));
  });
}

/**
 * Forgets which lines were paid by payouts that were finished long ago, and the oldest of those payouts where they are many.
 * What is not finished stays.
 */
export async function forgetOld(
  journal: PayoutJournal,
  records: readonly PayoutRecord[],
  now: Date,
): Promise<void> {
  const finished = records
    .filter(({ finishedAt }) => finishedAt !== null)
    .toSorted((one, other) => String(other.finishedAt).localeCompare(String(one.finishedAt)));
  for (const [index, record] of finished.entries()) {
    const isWhole = index >= mostKept;
    if (isWhole || (record.digests !== undefined && isFinishedFor(record, linesKeptDays, now))) {
      // It is tried again with the next payout.
      await forget(journal, record, isWhole).catch(() => {});
    }
  }
}
