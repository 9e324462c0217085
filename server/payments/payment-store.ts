import type { Knex } from 'knex';
import type { Database } from '../../db/connect.js';
import type { EntryRow, PaymentKind, PaymentRow } from '../../db/rows.js';
import type { PaymentView } from './wire.js';

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

type ViewRow = PaymentRow &
  Pick<EntryRow, 'amount' | 'balance_after'> & {
    from_name: string | null;
    to_name: string | null;
    refunded: number;
  };

function viewOf({ amount, balance_after, from_name, to_name, refunded, ...payment }: ViewRow): PaymentView {
  return { payment, from: from_name, to: to_name, amount, balanceAfter: balance_after, refunded };
}

function viewsOfAccount(readers: Database, accountId: string): Knex.QueryBuilder<ViewRow, ViewRow[]> {
  return readers('entries as e')
    .join('payments as p', 'p.id', 'e.payment_id')
    .leftJoin('users as f', 'f.id', 'p.from_user_id')
    .leftJoin('users as t', 't.id', 'p.to_user_id')
    .where('e.account_id', accountId)
    .select(
      'p.*',
      'e.amount',
      'e.balance_after',
      'f.username as from_name',
      't.username as to_name',
      readers.raw(
        '(select coalesce(sum(r.received_amount), 0) from payments as r where r.refund_of = p.id) as refunded',
      ),
    ) as Knex.QueryBuilder<ViewRow, ViewRow[]>;
}

function narrow(query: Knex.QueryBuilder<ViewRow, ViewRow[]>, filters: HistoryFilters): void {
  const { direction, kind, currency, minMinor, maxMinor, sinceMicros, untilMicros, memoHolds } = filters;
  if (direction !== undefined) {
    query.where('e.amount', direction === 'sent' ? '<' : '>', 0);
  }
  if (filters.with !== undefined) {
    const name = filters.with;
    query.whereRaw('case when e.amount < 0 then t.username_key else f.username_key end = ?', [name]);
  }
  if (kind !== undefined) {
    query.where('p.kind', kind);
  }
  if (currency !== undefined) {
    query.where((either) =>
      either.where('p.sent_currency', currency).orWhere('p.received_currency', currency),
    );
  }
  if (minMinor !== undefined) {
    query.whereRaw('abs(e.amount) >= ?', [minMinor]);
  }
  if (maxMinor !== undefined) {
    query.whereRaw('abs(e.amount) <= ?', [maxMinor]);
  }
  if (sinceMicros !== undefined) {
    query.where('p.created_at', '>=', sinceMicros);
  }
  if (untilMicros !== undefined) {
    query.where('p.created_at', '<', untilMicros);
  }
  if (memoHolds !== undefined) {
    const pattern = `%${memoHolds.replace(/[\\%_]/g, '\\$&')}%`;
    query.whereRaw("p.memo_folded like ? escape '\\'", [pattern]);
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
