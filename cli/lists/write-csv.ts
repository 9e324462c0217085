import { streamText, type WholeList } from '../api/stream-list.js';
import type { Context } from '../context.js';
import { csvLine, csvRows } from '../terminal/csv.js';

const writtenAtOnce = 500;

/** A whole list as CSV for spreadsheets, in batches of lines as they arrive; `limit` counts the lines after the header. */
export async function writeCsv(
  context: Pick<Context, 'api' | 'signal' | 'stdout'>,
  list: WholeList,
  limit: number,
): Promise<void> {
  const { stdout } = context;
  let batch: string[] = [];
  let lines = 0;
  for await (const row of csvRows(streamText(context, list, 'text/csv'))) {
    // The first line names the columns, so one more than the limit is wanted.
    if (lines > limit || stdout.isGone) {
      break;
    }
    lines += 1;
    batch.push(csvLine(row));
    if (batch.length === writtenAtOnce) {
      await stdout.write(batch.join(''));
      batch = [];
    }
  }
  await stdout.write(batch.join(''));
}
