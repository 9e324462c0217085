import type { Knex } from 'knex';
import type { Database } from '../../db/connect.js';
import { patternHolding } from '../../db/like.js';
import type { EntryRow, PaymentKind, PaymentRow } from '../../db/rows.js';
import type { PaymentView, SeenPayment } from './wire.js';

/** What of an account's history is asked for; amounts in minor units of the account, times in microseconds. */
export interface HistoryFilters {
  readonly direction?: 'sent' | 'received' | undefined;
  /** The other side's username in lower case. */
  readonly with?: string | undefined;
  readonly kind?: PaymentKind | undefined;
  /** Of either side. */
  readonly currency?: string | undefined;
  readonly minMinor?: number | undefined;
  readonly maxMinor?: number | undefined;
  /** Inclusive. */
  readonly sinceMicros?: number | undefined;
  /** Exclusive. */
  readonly untilMicros?: number | undefined;
  /** Text that the memo holds, in lower case. */
  readonly memoHolds?: string | undefined;
}

/** What is asked of the payment itself, whoever looks at it. */
export type PaymentFilters = Pick<
  HistoryFilters,
  'kind' | 'currency' | 'sinceMicros' | 'untilMicros' | 'memoHolds'
>;

export interface SeenRow extends PaymentRow {
  readonly from_name: string | null;
  readonly to_name: string | null;
  readonly refunded: number;
}

type ViewRow = SeenRow & Pick<EntryRow, 'amount' | 'balance_after'>;

export function seenOf({ from_name, to_name, refunded, ...payment }: SeenRow): SeenPayment {
  return { payment, from: from_name, to: to_name, refunded };
}

function viewOf({ amount, balance_after, ...row }: ViewRow): PaymentView {
  return { ...seenOf(row), amount, balanceAfter: balance_after };
}

/** Adds what is seen of the payments `p` of a query: the names of both sides, and what was given back. */
export function withSeen(readers: Database, query: Knex.QueryBuilder): Knex.QueryBuilder {
  return query
    .leftJoin('users as f', 'f.id', 'p.from_user_id')
    .leftJoin('users as t', 't.id', 'p.to_user_id')
    .select(
      'p.*',
      'f.username as from_name',
      't.username as to_name',
      readers.raw(
        '(select coalesce(sum(r.received_amount), 0) from payments as r where r.refund_of = p.id) as refunded',
      ),
    );
}

function viewsOfAccount(readers: Database, accountId: string): Knex.QueryBuilder<ViewRow, ViewRow[]> {
  const payments = readers('entries as e').join('payments as p', 'p.id', 'e.payment_id');
  return withSeen(readers, payments)
    .where('e.account_id', accountId)
    .select('e.amount', 'e.balance_after') as Knex.QueryBuilder<ViewRow, ViewRow[]>;
}

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
    query.whereRaw("p.memo_folded like ? escape '\\'", [patternHolding(memoHolds)]);
  }
}

function narrow(query: Knex.QueryBuilder<ViewRow, ViewRow[]>, filters: HistoryFilters): void {
  const { direction, minMinor, maxMinor } = filters;
  narrowPayments(query, filters);
  if (direction !== undefined) {
    query.where('e.amount', direction === 'sent' ? '<' : '>', 0);
  }
  if (filters.with !== undefined) {
    const name = filters.with;
    query.whereRaw('case when e.amount < 0 then t.username_key else f.username_key end = ?', [name]);
  }
  if (minMinor !== undefined) {
    query.whereRaw('abs(e.amount) >= ?', [minMinor]);
  }
  if (maxMinor !== undefined) {
    query.whereRaw('abs(e.amount) <= ?', [maxMinor]);
  }
}

/** An account's history, newest first, from after the payment `after`. */
export async function listPayments(
  readers: Database,
  accountId: string,
  filters: HistoryFilters,
  page: { readonly after: string | undefined; readonly limit: number },
): Promise<readonly PaymentView[]> {
  const query = viewsOfAccount(readers, accountId).orderBy('e.payment_id', 'desc').limit(page.limit);
  narrow(query, filters);
  if (page.after !== undefined) {
    query.where('e.payment_id', '<', page.after);
  }
  return (await query).map(viewOf);
}

/** A payment as the holder of the account sees it; undefined when it is none of theirs. */
export async function findPayment(
  readers: Database,
  accountId: string,
  paymentId: string,
): Promise<PaymentView | undefined> {
  const rows = await viewsOfAccount(readers, accountId).where('e.payment_id', paymentId).limit(1);
  return rows[0] && viewOf(rows[0]);
}
