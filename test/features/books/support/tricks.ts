import type { EntryRow, PaymentRow } from '../../../../db/tables/payments.js';
import { paymentHash } from '../../../../server/ledger/chain.js';
import { storedRow } from '../../../db/support/stored-rows.js';
import { type Choice, chosen, type Tamperer, twisted } from './tampering.js';

type Trick = (tamperer: Tamperer, choice: Choice) => Promise<boolean>;

/** Changes one cell of some row, whichever column. */
const changeCell =
  (table: 'payments' | 'entries' | 'accounts' | 'audit' | 'chain_heads'): Trick =>
  async (tamperer, choice) => {
    const rows = await tamperer.rows(table);
    const row = chosen(rows, choice.place);
    const column = chosen(Object.keys(row), choice.other);
    const value = row[column] ?? null;
    const next = twisted(rows, column, value, choice);
    await tamperer.set(table, row, { [column]: next });
    // How often was committed says nothing of what is in the books.
    return next !== value && !(row.name === 'commits' && column === 'position');
  };

/** Changes one column that matters most, and nothing else. */
const changeColumn =
  (table: 'payments' | 'entries' | 'accounts' | 'audit', column: string): Trick =>
  async (tamperer, choice) => {
    const rows = await tamperer.rows(table);
    const row = chosen(rows, choice.place);
    const value = row[column] ?? null;
    const next = twisted(rows, column, value, choice);
    await tamperer.set(table, row, { [column]: next });
    return next !== value;
  };

const removeRow =
  (table: 'payments' | 'entries' | 'audit' | 'chain_heads'): Trick =>
  async (tamperer, choice) => {
    await tamperer.remove(table, chosen(await tamperer.rows(table), choice.place));
    return true;
  };

const entriesOf = async ({ rows }: Tamperer, { id }: PaymentRow) =>
  ((await rows('entries')) as unknown as EntryRow[])
    .filter(({ payment_id }) => payment_id === id)
    .sort((one, other) => one.line - other.line);

const paymentsOf = async ({ rows }: Tamperer) => (await rows('payments')) as unknown as PaymentRow[];

/** Takes a payment away with its entries and brings every balance in line, now and in between. */
async function removeCleanly({ writer, ...tamperer }: Tamperer, payment: PaymentRow): Promise<void> {
  for (const { account_id, amount } of await entriesOf({ writer, ...tamperer }, payment)) {
    await writer('accounts').where({ id: account_id }).decrement('balance', amount);
    await writer('entries')
      .where({ account_id })
      .where('payment_id', '>', payment.id)
      .decrement('balance_after', amount);
  }
  await writer('entries').where({ payment_id: payment.id }).delete();
  await writer('payments').where({ id: payment.id }).delete();
}

const removePayment: Trick = async (tamperer, { place }) => {
  await removeCleanly(tamperer, chosen(await paymentsOf(tamperer), place));
  return true;
};

/** Cuts the newest payments off, balances in line; with `hidesIt`, the end of the chain is moved back, too. */
const cutTail =
  (hidesIt: boolean): Trick =>
  async (tamperer, { place }) => {
    const payments = await paymentsOf(tamperer);
    const left = payments.slice(0, payments.length - 1 - (place % 5));
    for (const payment of payments.slice(left.length).toReversed()) {
      await removeCleanly(tamperer, payment);
    }
    const { position = 0, hash = '', created_at: at = 0 } = left.at(-1) ?? {};
    if (hidesIt) {
      await tamperer
        .writer('chain_heads')
        .where({ name: 'payments' })
        .update(storedRow('chain_heads', { position, hash, at }));
    }
    return true;
  };

const cutAuditTail: Trick = async (tamperer, { place }) => {
  const records = await tamperer.rows('audit');
  for (const record of records.slice(-1 - (place % 3))) {
    await tamperer.remove('audit', record);
  }
  return true;
};

/** Adds a payment like an earlier one at the end, balances in line, with the hash that it has to have. */
const addPayment: Trick = async (tamperer, { place }) => {
  const { writer } = tamperer;
  const payments = await paymentsOf(tamperer);
  const like = chosen(
    payments.filter(({ kind }) => kind === 'transfer'),
    place,
  );
  const last = payments.at(-1) as PaymentRow;
  const id = last.id + 1;
  const entries: EntryRow[] = [];
  for (const entry of await entriesOf(tamperer, like)) {
    await writer('accounts').where({ id: entry.account_id }).increment('balance', entry.amount);
    const { balance } = await writer('accounts').where({ id: entry.account_id }).first();
    entries.push({ ...entry, payment_id: id, balance_after: balance });
  }
  const ends = { id, position: last.position + 1, created_at: last.created_at + 1 };
  const contents = { ...like, ...ends };
  const rates = await writer('rates').where({ id: like.rates_id }).first();
  const hash = paymentHash(contents, entries, rates ?? null, last.hash);
  await writer('payments').insert(storedRow('payments', { ...contents, hash }));
  await writer('entries').insert(entries);
  return true;
};

const addEntries: Trick = async (tamperer, { place, other }) => {
  const accounts = await tamperer.rows('accounts');
  const pounds = accounts.filter(({ currency }) => currency === 'GBP');
  const payment = chosen(await paymentsOf(tamperer), place);
  const lines = (await entriesOf(tamperer, payment)).length;
  for (const [index, amount] of [-1, 1].entries()) {
    const account = chosen(pounds, other + index);
    const balance = Number(account.balance) + amount;
    await tamperer.set('accounts', account, { balance });
    await tamperer.writer('entries').insert({
      account_id: account.id,
      kind: payment.kind,
      payment_id: payment.id,
      line: lines + 1 + index,
      amount,
      balance_after: balance,
    });
  }
  return true;
};

const addAuditRecord: Trick = async ({ writer, rows }, { place }) => {
  const records = await rows('audit');
  const last = records.at(-1);
  const position = Number(last?.position) + 1;
  const id = Number(last?.id) + 1;
  await writer('audit').insert(storedRow('audit', { ...chosen(records, place), id, position }));
  return true;
};

/** Two rows trade what stands in a column. */
const swap =
  (table: 'payments' | 'entries' | 'audit', column: string): Trick =>
  async (tamperer, { place, other }) => {
    const rows = await tamperer.rows(table);
    const one = chosen(rows, place);
    const differing = rows.filter((row) => row[column] !== one[column]);
    if (differing.length === 0) {
      return false;
    }
    const two = chosen(differing, other);
    // By way of a value that neither has, as some columns are unique.
    await tamperer.set(table, one, { [column]: typeof one[column] === 'number' ? 999_999 : '~' });
    const middle = { ...one, [column]: typeof one[column] === 'number' ? 999_999 : '~' };
    await tamperer.set(table, two, { [column]: one[column] ?? null });
    await tamperer.set(table, middle, { [column]: two[column] ?? null });
    return true;
  };

const changePaidRequest: Trick = async (tamperer, choice) => {
  const rows = await tamperer.rows('requests');
  const row = chosen(
    rows.filter(({ status }) => status === 'paid'),
    choice.place,
  );
  const column = chosen(
    ['requester_id', 'payer_id', 'amount', 'currency', 'payment_id', 'closed_at'],
    choice.other,
  );
  const next = twisted(rows, column, row[column] ?? null, choice);
  await tamperer.set('requests', row, { [column]: next });
  return true;
};

/** Somebody is made an administrator, or frozen, and the audit trail does not say so. */
const changeRoleOrStatus: Trick = async ({ writer }, { place, other }) => {
  const { id } = chosen(await writer('users').orderBy('id'), place);
  await writer('users')
    .where({ id })
    .update(other % 2 === 0 ? { role: 'admin' } : { status: 'frozen' });
  return true;
};

const objectsOf = (
  writer: Tamperer['writer'],
  type: string,
): Promise<readonly { name: string; sql: string }[]> =>
  writer.raw(`select name, sql from sqlite_master where type = '${type}' and sql is not null order by name`);

const dropIndex: Trick = async ({ writer }, { place }) => {
  await writer.raw(`drop index "${chosen(await objectsOf(writer, 'index'), place).name}"`);
  return true;
};

/** Writes another text for a table into the schema: one of its constraints is gone, all rows stay. */
const loosenConstraint: Trick = async ({ writer }, { place, other }) => {
  const constrained = (await objectsOf(writer, 'table')).filter(({ sql }) => / check \(/.test(sql));
  const { name, sql } = chosen(constrained, place);
  const parts = sql.split(' check (');
  const which = 1 + (other % (parts.length - 1));
  const looser = parts.map((part, index) => (index === which ? `1 or ${part}` : part)).join(' check (');
  await writer.raw('PRAGMA writable_schema = ON');
  await writer.raw('update sqlite_master set sql = ? where type = ? and name = ?', [looser, 'table', name]);
  await writer.raw('PRAGMA writable_schema = RESET');
  return looser !== sql;
};

/** What an act of the audit trail made is no JSON any more. */
const garble: Trick = async (tamperer, { place }) => {
  const telling = (await tamperer.rows('audit')).filter(({ credentials }) => credentials !== null);
  const record = chosen(telling, place);
  await tamperer.set('audit', record, { credentials: `${record.credentials}x` });
  return true;
};

const receiptsOf = async ({ rows }: Tamperer) =>
  (await rows('entries')).filter(({ kind }) => kind === 'receipt');

/** The receiver of a transfer is told of it no more. */
const loseReceipt: Trick = async (tamperer, { place }) => {
  const receipt = chosen(await receiptsOf(tamperer), place);
  await tamperer.set('entries', receipt, { kind: 'transfer' });
  return true;
};

/** The receiver of a transfer is told of it by an event as well. */
const tellTwice: Trick = async (tamperer, { place }) => {
  const { account_id, payment_id } = chosen(await receiptsOf(tamperer), place);
  const { writer } = tamperer;
  const { user_id } = await writer('accounts').where({ id: account_id }).first();
  const { position } = await writer('chain_heads').where({ name: 'events' }).first();
  const event = { user_id, id: position + 1, type: 'payment.received', at: 1, payment_id, data: null };
  await writer('events').insert(event);
  await writer('chain_heads').where({ name: 'events' }).increment('position', 1);
  return true;
};

/** Tells of these payments by one event each, after all others. */
async function tellOf({ writer }: Tamperer, entries: readonly (object & { [column: string]: unknown })[]) {
  for (const { account_id, payment_id } of entries) {
    const { user_id } = await writer('accounts').where({ id: account_id }).first();
    const { position } = await writer('chain_heads').where({ name: 'events' }).first();
    await writer('events').insert({
      ...{ user_id, id: position + 1, type: 'payment.received', at: 1, payment_id, data: null },
    });
    await writer('chain_heads').where({ name: 'events' }).increment('position', 1);
  }
}

/** One transfer is told twice, and another not at all. */
const tellWrongly: Trick = async (tamperer) => {
  const [one, other] = await receiptsOf(tamperer);
  if (!one || !other) {
    return false;
  }
  await tamperer.set('entries', one, { kind: 'transfer' });
  await tamperer.set('entries', other, { kind: 'transfer' });
  await tellOf(tamperer, [one, one]);
  return true;
};

/** Another event of the user takes the number of a receipt of theirs. */
const takeNumber: Trick = async (tamperer) => {
  const { writer } = tamperer;
  const receipts = await receiptsOf(tamperer);
  for (const { account_id, payment_id } of receipts) {
    const { user_id } = await writer('accounts').where({ id: account_id }).first();
    const event = await writer('events').where({ user_id, payment_id: null }).first();
    if (event) {
      const number = Number(payment_id) * 1_024;
      await writer('events').where({ user_id, id: event.id }).update({ id: number });
      const [newest]: { id: number }[] = await writer.raw('select max(id) as id from events');
      await writer('chain_heads').where({ name: 'events' }).update({ position: newest?.id });
      return true;
    }
  }
  return false;
};

/** The tricks that are done to rows, by name; triggers are put back as they were afterwards. */
export const rowTricks: Readonly<Record<string, Trick>> = {
  'a cell of a payment': changeCell('payments'),
  'a cell of an entry': changeCell('entries'),
  'a cell of an account': changeCell('accounts'),
  'a cell of the audit trail': changeCell('audit'),
  'a cell of a chain head': changeCell('chain_heads'),
  'a balance': changeColumn('accounts', 'balance'),
  'an amount sent': changeColumn('payments', 'sent_amount'),
  'an amount of an entry': changeColumn('entries', 'amount'),
  'a memo': changeColumn('payments', 'memo'),
  'a memo that is searched': changeColumn('payments', 'memo_folded'),
  'a time': changeColumn('payments', 'created_at'),
  'a time of the audit trail': changeColumn('audit', 'at'),
  'a payment gone': removeRow('payments'),
  'an entry gone': removeRow('entries'),
  'a receipt that is none any more': loseReceipt,
  'a transfer that is told twice': tellTwice,
  'a transfer that is told twice, and one that is not': tellWrongly,
  'an event with the number of a receipt': takeNumber,
  'an audit record gone': removeRow('audit'),
  'a chain head gone': removeRow('chain_heads'),
  'a payment gone with its entries, balances in line': removePayment,
  'the newest payments gone, balances in line': cutTail(false),
  'the newest payments gone, balances and head in line': cutTail(true),
  'the newest audit records gone': cutAuditTail,
  'a payment more, balances and hash in line': addPayment,
  'entries more, balances in line': addEntries,
  'an audit record more': addAuditRecord,
  'credentials of the audit trail garbled': garble,
  'two positions swapped': swap('payments', 'position'),
  'two ids swapped': swap('payments', 'id'),
  'two memos swapped': swap('payments', 'memo'),
  'two times swapped': swap('payments', 'created_at'),
  'two amounts of entries swapped': swap('entries', 'amount'),
  'two accounts of entries swapped': swap('entries', 'account_id'),
  'two audit records swapped': swap('audit', 'position'),
  'a paid request': changePaidRequest,
  'a role or a status': changeRoleOrStatus,
  'an index gone': dropIndex,
  'a constraint loosened': loosenConstraint,
};
