import assert from 'node:assert/strict';
import type { Transaction } from '../../../db/connect.js';
import { dialectOf } from '../../../db/dialect.js';
import { firstPaymentSince } from '../../../db/first-payment-since.js';
import type { TableName } from '../../../db/rows.js';
import type { ChainHeadRow } from '../../../db/tables/acts.js';
import type { RatesRow } from '../../../db/tables/payments.js';
import { type NumberedTable, numberedTables } from '../../../db/tables.js';
import type { Clock } from '../../clock.js';
import { currenciesText, type RateTable, readCurrenciesText } from '../../money/rate-table.js';
import type { BookState } from '../book/book-state.js';
import { wholeTables } from '../book/known-tables.js';
import { type RecentAct, RecentWrites, recentActMicros } from '../book/recent-writes.js';
import { emptyHeads } from '../chain.js';
import { systemAccounts } from '../system-accounts.js';

/** More rows of a table than these are not read when the books are opened. */
const mostWholeRows = 20_000;

async function insertRows(trx: Transaction, table: TableName, rows: readonly object[]): Promise<void> {
  for (const row of rows) {
    const hash = (row as { hash?: string }).hash;
    await trx(table).insert(hash === undefined ? row : { ...row, hash: Buffer.from(hash, 'hex') });
  }
}

/** The ends of this writer's chains; those that it has not begun begin now. */
async function openChains(trx: Transaction, chain: number): Promise<readonly ChainHeadRow[]> {
  const known: ChainHeadRow[] = await trx.raw(
    `select name, chain, position, ${dialectOf(trx).hex('hash')} as hash, "at" from chain_heads where chain = ?`,
    [chain],
  );
  const missing = emptyHeads(chain).filter(({ name }) => !known.some((head) => head.name === name));
  await insertRows(trx, 'chain_heads', missing);
  return [...known, ...missing];
}

/** The currencies of the newest rates; where there are none yet the books begin with these. */
async function openRates(trx: Transaction, rates: RateTable, nowMicros: number): Promise<readonly string[]> {
  const newest = await trx('rates').orderBy('id', 'desc').first<RatesRow | undefined>();
  if (newest) {
    return readCurrenciesText(newest.currencies).map(({ code }) => code);
  }
  const { base, asOf, source, currencies } = rates;
  const first = { base, as_of: asOf, source, currencies: currenciesText(currencies), created_at: nowMicros };
  await insertRows(trx, 'rates', [{ id: 1, ...first }]);
  return currencies.map(({ code }) => code);
}

/** Opens the accounts of the system in every currency that has none yet. */
async function openSystemAccounts(trx: Transaction, currencies: readonly string[]): Promise<void> {
  const known = new Set(await trx('accounts').whereNull('user_id').pluck<number[]>('id'));
  await insertRows(
    trx,
    'accounts',
    currencies.flatMap(systemAccounts).filter(({ id }) => !known.has(id)),
  );
}

/** A count that stands in a place of its own among the heads, where the first migration puts it. */
async function readCount(trx: Transaction, name: 'commits' | 'events'): Promise<number> {
  const [head]: { position: number }[] = await trx.raw(
    'select position from chain_heads where name = ? and chain = 0',
    [name],
  );
  assert(
    head !== undefined,
    `The books lack the count of ${name}; pay-server check says what else they lack.`,
  );
  return head.position;
}

async function readNewestNumber(trx: Transaction, table: NumberedTable): Promise<number> {
  const [row]: { newest: number | null }[] = await trx.raw(`select max(id) as newest from "${table}"`);
  // The accounts of the system have numbers below zero.
  return Math.max(row?.newest ?? 0, 0);
}

/** The newest number of each table that has numbers. */
async function readNumbers(trx: Transaction): Promise<Record<NumberedTable, number>> {
  const newest: Partial<Record<NumberedTable, number>> = {};
  for (const table of numberedTables) {
    newest[table] = table === 'events' ? await readCount(trx, table) : await readNewestNumber(trx, table);
  }
  return newest as Record<NumberedTable, number>;
}

/** The rows of the tables that are read whole, where they are few. */
async function readWhole(trx: Transaction): Promise<BookState['whole']> {
  const whole: { table: TableName; rows: readonly object[] }[] = [];
  for (const table of wholeTables) {
    const rows: object[] = await trx.raw(`select * from "${table}" limit ${mostWholeRows + 1}`);
    if (rows.length <= mostWholeRows) {
      whole.push({ table, rows });
    }
  }
  return whole;
}

/** The time of the newest payment of any writer; zero before the first. */
async function readNewestPaymentMicros(trx: Transaction): Promise<number> {
  const [newest]: { at: number | null }[] = await trx.raw(
    'select max("at") as at from chain_heads where name = \'payments\'',
  );
  return newest?.at ?? 0;
}

/** More payments than these are not read to recall what was done lately: a start is short. */
const mostRecentActs = 50_000;

/** Recalls the acts of the time before the newest payment, as far back as they are asked for and not too many. */
export async function readRecentWrites(
  trx: Transaction,
  { newest, newestMicros }: Pick<BookState, 'newest' | 'newestMicros'>,
): Promise<RecentWrites> {
  const sinceMicros = newestMicros - recentActMicros;
  const first = await firstPaymentSince(trx, sinceMicros);
  const oldest = Math.max(first, newest.payments - mostRecentActs + 1);
  const acts: readonly RecentAct[] = await trx.raw(
    'select from_user_id, to_user_id, act, created_at from payments where id >= ? order by id',
    [oldest],
  );
  // Those of one batch have one time: of the oldest that was read there may be more before it.
  return new RecentWrites(oldest === first ? sinceMicros : Number(acts[0]?.created_at) + 1, acts);
}

export interface OpeningParts {
  /** What the books begin with; afterwards the newest that they hold count. */
  readonly rates: RateTable;
  /** Which chain of payments this writer continues. */
  readonly chain: number;
  readonly machineMicros: Clock;
}

/** The state of the books when a writer comes to them; what it needs and is not there yet is made. */
export async function readBookState(
  trx: Transaction,
  { rates, chain, machineMicros }: OpeningParts,
): Promise<BookState> {
  await openSystemAccounts(trx, await openRates(trx, rates, machineMicros()));
  const heads = await openChains(trx, chain);
  return {
    heads,
    commits: await readCount(trx, 'commits'),
    newest: await readNumbers(trx),
    newestMicros: await readNewestPaymentMicros(trx),
    whole: await readWhole(trx),
  };
}
