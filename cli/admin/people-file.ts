import { findCurrency } from '../../server/money/currency.js';
import { Failure } from '../failure/failure.js';
import { readFileBounded } from '../files/read-bounded.js';
import { unreadable } from '../files/unreadable.js';

/** Somebody to be registered; in the currency of who registers them where the file names none. */
export interface Person {
  readonly username: string;
  readonly email: string;
  readonly currency?: string;
}

const mostPeople = 1_000;
const mostShown = 20;
const header = ['username', 'email', 'currency'];

async function textOf(path: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFileBounded(path));
  } catch (error) {
    throw unreadable(path, error);
  }
}

function faultOf([username = '', email = '', currency = '', ...more]: readonly string[]): string | undefined {
  if (more.length > 0) {
    return 'has more than username, email and currency';
  }
  if (!/^(?!\.+$)[A-Za-z0-9@.+_-]{1,100}$/.test(username)) {
    return `${username} is no username: at most 100 of A-Z a-z 0-9 @ . + - _`;
  }
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) {
    return `${email} is no email address`;
  }
  return currency === '' || findCurrency(currency) ? undefined : `${currency} is no currency here`;
}

async function recordsOf(path: string): Promise<readonly (readonly string[])[]> {
  const text = await textOf(path);
  const { parse } = await import('csv-parse/sync');
  try {
    return parse(text, { bom: true, trim: true, relax_column_count: true, skip_empty_lines: true });
  } catch (error) {
    throw new Failure('usage', `${path} is no CSV: ${(error as Error).message}.`, {
      cause: error,
    });
  }
}

/** The people of a CSV file, all of it checked. @throws Failure (usage) that names every line that is wrong */
export async function readPeople(path: string): Promise<readonly Person[]> {
  const records = await recordsOf(path);
  const hasHeader = records[0]?.[0]?.toLowerCase() === header[0];
  const rows = hasHeader ? records.slice(1) : records;
  const seen = new Set<string>();
  const faults: string[] = [];
  const people = rows.map((row, index) => {
    const [username = '', email = '', currency = ''] = row;
    const key = username.toLowerCase();
    const fault = faultOf(row) ?? (seen.has(key) ? `${username} is there twice` : undefined);
    seen.add(key);
    if (fault !== undefined) {
      faults.push(`line ${index + (hasHeader ? 2 : 1)}: ${fault}`);
    }
    return { username, email, ...(currency !== '' && { currency }) };
  });
  if (faults.length > 0) {
    throw new Failure('usage', `${path} is wrong, and nobody was registered:`, {
      next: faults.slice(0, mostShown),
    });
  }
  if (people.length === 0 || people.length > mostPeople) {
    throw new Failure('usage', `${path} must name 1 to ${mostPeople} people, as ${header.join(',')}.`);
  }
  return people;
}
