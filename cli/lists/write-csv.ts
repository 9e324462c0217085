import { streamText, type WholeList } from '../api/stream-list.js';
import type { Context } from '../context.js';
import { columnNames, noSuchColumn } from '../terminal/choose-columns.js';
import { csvLine, csvRows } from '../terminal/csv.js';

const writtenAtOnce = 500;

/** Where the wanted columns stand in a row, by the line that names them; undefined takes the row as it is. @throws Failure (usage) */
function placesOf(header: readonly string[], wanted: string | undefined): readonly number[] | undefined {
  return wanted === undefined
    ? undefined
    : columnNames(wanted).map((name) => {
        const at = header.findIndex((known) => known.toLowerCase() === name.toLowerCase());
        if (at < 0) {
          throw noSuchColumn(name, header);
        }
        return at;
      });
}

/**
 * A whole list as CSV for spreadsheets, in batches of lines as they arrive; `limit` counts the lines after the header.
 * @returns whether there are more than that. @throws Failure
 */
export async function writeCsv(
  context: Pick<Context, 'api' | 'signal' | 'stdout'>,
  list: WholeList,
  limit: number,
  wanted?: string,
): Promise<boolean> {
  const { stdout } = context;
  let batch: string[] = [];
  let lines = 0;
  let places: readonly number[] | undefined;
  let hasMore = false;
  for await (const row of csvRows(streamText(context, list, 'text/csv'))) {
    // The first line names the columns, so one more than the limit is wanted.
    hasMore = lines > limit;
    if (hasMore || stdout.isGone) {
      break;
    }
    places = lines === 0 ? placesOf(row, wanted) : places;
    lines += 1;
    batch.push(csvLine(places?.map((at) => row[at] ?? '') ?? row));
    if (batch.length === writtenAtOnce) {
      await stdout.write(batch.join(''));
      batch = [];
    }
  }
  await stdout.write(batch.join(''));
  return hasMore;
}
