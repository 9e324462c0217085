import { Failure } from '../failure/failure.js';
import { readFileBounded } from '../files/read-bounded.js';
import { whyUnreadable } from '../files/unreadable.js';
import { separatorOf } from '../payouts/file/separator.js';

/** What the column of usernames may be called. */
const names = ['username', 'user', 'from'];
const mostShown = 20;
const username = /^(?!\.+$)[A-Za-z0-9@.+_-]{1,100}$/;

const wrong = (path: string, what: string, cause?: unknown) =>
  new Failure('usage', `${path}: ${what} Nobody was asked.`, {
    next: ['Such a file has a column of usernames, under the word username.'],
    ...(cause !== undefined && { cause }),
  });

async function textOf(path: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFileBounded(path));
  } catch (error) {
    throw wrong(path, `it cannot be read: ${whyUnreadable(error)}.`, error);
  }
}

interface Row {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

async function rowsOf(path: string): Promise<readonly Row[]> {
  const text = await textOf(path);
  const { parse } = await import('csv-parse/sync');
  const [header = ''] = text.split('\n', 1);
  try {
    const rows: Row[] = [];
    parse(text, {
      ...{ bom: true, trim: true, relax_column_count: true, skip_empty_lines: true },
      delimiter: separatorOf(header),
      on_record: (record: string[], info) => {
        rows.push({ record, info });
      },
    });
    return rows;
  } catch (error) {
    throw wrong(path, `it is no CSV (${(error as Error).message}).`, error);
  }
}

/** Which column has the usernames, by the words of the first row; undefined where those are no words of ours. */
function columnOf(path: string, header: readonly string[]): number | undefined {
  const words = header.map((cell) => cell.toLowerCase());
  const found = words.findIndex((word) => names.includes(word));
  if (found < 0) {
    return undefined;
  }
  if (words.includes('amount')) {
    throw wrong(
      path,
      'it has a column amount, and everybody is asked for the same. Collect apart, by amount.',
    );
  }
  return found;
}

/** The usernames in a CSV file, each once: of its column username, or its only column. @throws Failure (usage) that names every wrong line */
export async function readClass(path: string): Promise<readonly string[]> {
  const rows = await rowsOf(path);
  const column = columnOf(path, rows[0]?.record ?? []);
  const people = new Map<string, string>();
  const faults: string[] = [];
  for (const { record, info } of column === undefined ? rows : rows.slice(1)) {
    const name = record[column ?? 0] ?? '';
    if (column === undefined && record.length > 1) {
      throw wrong(path, 'which of its columns has the usernames is not said in its first line.');
    }
    if (!username.test(name)) {
      faults.push(`line ${info.lines}: ${name === '' ? 'nobody' : name} is no username`);
    }
    people.set(name.toLowerCase(), name);
  }
  if (faults.length > 0) {
    const more = faults.length > mostShown ? [`and ${faults.length - mostShown} more`] : [];
    throw new Failure('usage', `${path} is wrong. Nobody was asked.`, {
      below: [...faults.slice(0, mostShown), ...more],
    });
  }
  if (people.size === 0) {
    throw wrong(path, 'there is nobody in it.');
  }
  return [...people.values()];
}
