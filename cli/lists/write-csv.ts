import type { WholeListName } from '../api/operation.js';
import { streamText, type WholeList } from '../api/stream-list.js';
import type { Context } from '../context.js';
import { columnNames, noSuchColumn } from '../terminal/choose-columns.js';
import { csvLine, csvRows } from '../terminal/csv.js';
import { dayOf } from '../terminal/period.js';
import { asItStands } from '../terminal/text/shown.js';

const writtenAtOnce = 500;

type CellOf = (row: readonly string[]) => string;

/** The wanted cells of a row, by the line that names them; `day` is the reader's day of its time. @throws Failure (usage) */
function cellsOf(header: readonly string[], wanted: string): readonly CellOf[] {
  const placeOf = (name: string) => header.findIndex((known) => known.toLowerCase() === name.toLowerCase());
  const time = Math.max(placeOf('createdAt'), placeOf('at'));
  return columnNames(wanted).map((name) => {
    const at = placeOf(name);
    if (at < 0 && time >= 0 && name.toLowerCase() === 'day') {
      return (row) => dayOf(row[time] ?? '');
    }
    if (at < 0) {
      throw noSuchColumn(name, time < 0 ? header : [...header, 'day']);
    }
    return (row) => row[at] ?? '';
  });
}

/**
 * A whole list as CSV for spreadsheets, in batches of lines as they arrive; `limit` counts the lines after the header.
 * @returns whether there are more than that. @throws Failure
 */
export async function writeCsv<One extends WholeListName>(
  context: Pick<Context, 'api' | 'signal' | 'stdout'>,
  list: WholeList<One>,
  limit: number,
  wanted?: string,
): Promise<boolean> {
  const { stdout } = context;
  let batch: string[] = [];
  let lines = 0;
  let cells: readonly CellOf[] | undefined;
  let hasMore = false;
  for await (const row of csvRows(streamText(context, list, 'text/csv'))) {
    // The first line names the columns, so one more than the limit is wanted.
    hasMore = lines > limit;
    if (hasMore || stdout.isGone) {
      break;
    }
    if (lines === 0) {
      cells = wanted === undefined ? undefined : cellsOf(row, wanted);
      batch.push(csvLine(wanted === undefined ? row : columnNames(wanted)));
    } else {
      batch.push(csvLine(cells?.map((cell) => cell(row)) ?? row));
    }
    lines += 1;
    if (batch.length === writtenAtOnce) {
      await stdout.write(asItStands(batch.join('')));
      batch = [];
    }
  }
  await stdout.write(asItStands(batch.join('')));
  return hasMore;
}
