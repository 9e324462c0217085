import type { Knex } from 'knex';
import type { Database } from '../../../db/connect.js';
import { countRows } from '../../../db/count-rows.js';
import { dialectOf } from '../../../db/dialect.js';
import { firstPaymentSince } from '../../../db/first-payment-since.js';
import {
  type EntryKind,
  entryKinds,
  entryKindsOf,
  isOfKindOf,
  type PaymentKind,
} from '../../../db/tables/payments.js';
import type { AccountRow } from '../../../db/tables/users.js';
import { readViews, withSeen } from './seen-payments.js';
import type { PaymentView } from './wire.js';

/** The filters of an account's history; amounts in minor units of the account, times in microseconds. */
export interface HistoryFilters {
  readonly direction?: 'sent' | 'received' | undefined;
  /** The other side's username in lower case. */
  readonly with?: string | undefined;
  readonly kind?: PaymentKind | undefined;
  /** The currency of either side. */
  readonly currency?: string | undefined;
  readonly minMinor?: number | undefined;
  readonly maxMinor?: number | undefined;
  /** The beginning of the time, inclusive. */
  readonly sinceMicros?: number | undefined;
  /** The end of the time, exclusive. */
  readonly untilMicros?: number | undefined;
  /** Text that the memo holds, in lower case. */
  readonly memoHolds?: string | undefined;
}

/** The filters of the payment itself, whoever looks at it. */
export type PaymentFilters = Pick<
  HistoryFilters,
  'kind' | 'currency' | 'sinceMicros' | 'untilMicros' | 'memoHolds'
>;

/** Leaves of the payments `p` of a query those that the filters fit. */
export function narrowPayments(query: Knex.QueryBuilder, filters: PaymentFilters): void {
  const { kind, currency, sinceMicros, untilMicros, memoHolds } = filters;
  if (kind !== undefined) {
    query.where('p.kind', kind);
  }
  if (currency !== undefined) {
    query.where((either) =>
      either.where('p.sent_currency', currency).orWhere('p.received_currency', currency),
    );
  }
  if (sinceMicros !== undefined) {
    query.where('p.created_at', '>=', sinceMicros);
  }
  if (untilMicros !== undefined) {
    query.where('p.created_at', '<', untilMicros);
  }
  if (memoHolds !== undefined) {
    query.whereRaw(dialectOf(query).holds('coalesce(p.memo_folded, p.memo)'), [memoHolds]);
  }
}

/** Leaves of an account's entries and their payments those that the filters fit, the other side excepted. */
function narrow(query: Knex.QueryBuilder, filters: HistoryFilters): Knex.QueryBuilder {
  const { direction, minMinor, maxMinor } = filters;
  narrowPayments(query, filters);
  if (direction !== undefined) {
    query.where('e.amount', direction === 'sent' ? '<' : '>', 0);
  }
  if (minMinor !== undefined) {
    query.whereRaw('abs(e.amount) >= ?', [minMinor]);
  }
  if (maxMinor !== undefined) {
    query.whereRaw('abs(e.amount) <= ?', [maxMinor]);
  }
  return query;
}

const entryColumns = ['e.account_id', 'e.payment_id', 'e.amount', 'e.balance_after'];

type Owner = Pick<AccountRow, 'id' | 'user_id'>;

/** Begins a query with a table: by itself, or after something that the query reads first. */
type Begin = (table: string) => Knex.QueryBuilder;

/** The entries of one kind: those of each kind stand together, in order. */
function entriesOfKind(readers: Database, begin: Begin, account: Owner, kind: EntryKind): Knex.QueryBuilder {
  return begin('entries as e')
    .crossJoin(readers.raw('payments as p'))
    .whereRaw('p.id = e.payment_id')
    .where({ 'e.account_id': account.id, 'e.kind': kind })
    .orderBy('e.payment_id', 'desc');
}

/** The entries of payments from one user to another, by the index of those; a cross join begins with it. */
function entriesBetween(
  readers: Database,
  begin: Begin,
  account: Owner,
  from: number,
  to: number,
): Knex.QueryBuilder {
  return begin('payments as p')
    .crossJoin(readers.raw('entries as e'))
    .where({ 'p.from_user_id': from, 'p.to_user_id': to, 'e.account_id': account.id })
    .whereRaw(`${isOfKindOf('e', 'p')} and e.payment_id = p.id`)
    .orderBy('p.id', 'desc');
}

/** Ways to the account's entries, each in order, which together hold all that the filters may leave. */
function branches(
  readers: Database,
  begin: Begin,
  account: Owner,
  filters: HistoryFilters,
  otherId: number | undefined,
): readonly Knex.QueryBuilder[] {
  const own = account.user_id;
  if (otherId === undefined || own === null) {
    const kinds = filters.kind === undefined ? entryKinds : entryKindsOf(filters.kind);
    const sought = filters.direction === 'sent' ? kinds.filter((kind) => kind !== 'receipt') : kinds;
    return sought.map((kind) => entriesOfKind(readers, begin, account, kind));
  }
  return [
    ...(filters.direction === 'received' ? [] : [entriesBetween(readers, begin, account, own, otherId)]),
    ...(filters.direction === 'sent' ? [] : [entriesBetween(readers, begin, account, otherId, own)]),
  ];
}

/** The user with this name in lower case; undefined where there is none. */
async function findUserId(readers: Database, usernameKey: string): Promise<number | undefined> {
  const user = await readers('users').where({ username_key: usernameKey }).first<{ id: number }>('id');
  return user?.id;
}

/**
 * The entries `e` that the filters leave, with their payments `p`, as queries that hold them together; their times excepted.
 * None where the other side is nobody.
 */
export async function filteredEntries(
  readers: Database,
  begin: Begin,
  account: Owner,
  filters: Omit<HistoryFilters, 'sinceMicros' | 'untilMicros'>,
): Promise<readonly Knex.QueryBuilder[]> {
  const otherId = filters.with === undefined ? undefined : await findUserId(readers, filters.with);
  return filters.with !== undefined && otherId === undefined
    ? []
    : branches(readers, begin, account, filters, otherId).map((branch) => narrow(branch, filters));
}

/** The entries that a page of a history is made of; none where the other side is nobody. */
async function historyQuery(
  readers: Database,
  account: Owner,
  filters: HistoryFilters,
  { after, limit }: { readonly after: string | undefined; readonly limit: number },
): Promise<{ readonly entries: Knex.QueryBuilder } | undefined> {
  const { sinceMicros, untilMicros, ...others } = filters;
  const found = await filteredEntries(readers, (table) => readers(table), account, others);
  if (found.length === 0) {
    return undefined;
  }
  const from = sinceMicros === undefined ? 0 : await firstPaymentSince(readers, sinceMicros);
  const until = untilMicros === undefined ? undefined : await firstPaymentSince(readers, untilMicros);
  const before = Math.min(after === undefined ? Infinity : Number(after), until ?? Infinity);
  const parts = found.map((branch) => {
    branch.select(entryColumns).where('e.payment_id', '>=', from).limit(limit);
    if (before !== Infinity) {
      branch.where('e.payment_id', '<', before);
    }
    return readers.select('*').from(branch.as('part'));
  });
  const [first, ...rest] = parts;
  return { entries: (rest.length === 0 ? first : first?.unionAll(rest)) as Knex.QueryBuilder };
}

/** How many payments of an account's history there are from after the payment `after`, counted up to the limit. */
export async function countPayments(...asked: Parameters<typeof historyQuery>): Promise<number> {
  const [readers, , , { limit }] = asked;
  const found = await historyQuery(...asked);
  return found ? countRows(readers, readers.from(found.entries.as('e')).limit(limit)) : 0;
}

/** An account's history, newest first, from after the payment `after`. */
export async function listPayments(
  ...asked: Parameters<typeof historyQuery>
): Promise<readonly PaymentView[]> {
  const [readers, , , { limit }] = asked;
  const found = await historyQuery(...asked);
  if (!found) {
    return [];
  }
  const payments = readers.from(found.entries.as('e')).join('payments as p', 'p.id', 'e.payment_id');
  const views = withSeen(readers, payments, 'own')
    .select('e.amount', 'e.balance_after')
    .orderBy('e.payment_id', 'desc')
    .limit(limit);
  return readViews(readers, views);
}

/** Payments as the holder of the account sees them; those of the ids that are none of theirs are left out. */
export async function findViews(
  readers: Database,
  accountId: number,
  paymentIds: readonly number[],
): Promise<readonly PaymentView[]> {
  const payments = readers('entries as e').join('payments as p', 'p.id', 'e.payment_id');
  const views = withSeen(readers, payments, 'own')
    .where('e.account_id', accountId)
    .whereIn('e.kind', [...entryKinds])
    .whereIn('e.payment_id', [...paymentIds])
    .select('e.amount', 'e.balance_after');
  return readViews(readers, views);
}

/** The currency in which a payment was sent; undefined where it is none that this user has received. */
export async function findSentCurrency(
  readers: Database,
  receiverId: number,
  paymentId: number,
): Promise<string | undefined> {
  const payment = await readers('payments')
    .where({ id: paymentId, to_user_id: receiverId })
    .first<{ readonly sent_currency: string } | undefined>('sent_currency');
  return payment?.sent_currency;
}
