import type { Knex } from 'knex';
import type { Database } from '../../../db/connect.js';
import type { PaymentRow } from '../../../db/tables/payments.js';
import type { AccountRow } from '../../../db/tables/users.js';
import { mostLargest, mostWaiting } from './wire.js';

/** Payments by their numbers: from `first` to before `next`. */
export interface Numbers {
  readonly first: number;
  readonly next: number;
}

/** The kinds of payment by which one user pays another; a credit of the system is no activity. */
const between = ['transfer', 'request', 'refund'] as const;

const paymentsIn = (readers: Database, { first, next }: Numbers) =>
  readers('payments as p').where('p.id', '>=', first).where('p.id', '<', next).whereIn('p.kind', between);

async function countOf(readers: Database, rows: Knex.QueryBuilder): Promise<number> {
  const [row]: { count: number }[] = await readers.from(rows.as('counted')).count({ count: '*' });
  return row?.count ?? 0;
}

export const countUsers = (
  readers: Database,
  where: { readonly status?: 'frozen'; readonly role?: 'admin' } = {},
): Promise<number> => countOf(readers, readers('users').select('id').where(where));

/** How many users have paid or were paid by others with these payments. */
export function countActive(readers: Database, numbers: Numbers): Promise<number> {
  const side = (name: 'from' | 'to') => paymentsIn(readers, numbers).select(`p.${name}_user_id as user_id`);
  return countOf(readers, side('from').union([side('to')]));
}

/** How many requests wait, counted to just beyond the most. */
export const countWaiting = (readers: Database): Promise<number> =>
  countOf(
    readers,
    readers('requests')
      .select('id')
      .where({ status: 'pending' })
      .limit(mostWaiting + 1),
  );

/** The accounts of the system, two for each currency, of which all that is issued and held follows. */
export const readSystemAccounts = (readers: Database): Promise<readonly AccountRow[]> =>
  Promise.resolve(readers<AccountRow>('accounts').whereNull('user_id').orderBy('currency'));

type LargePayment = Pick<PaymentRow, 'id' | 'sent_amount' | 'sent_currency' | 'created_at'> & {
  readonly sender: string;
  readonly receiver: string;
};

/** The largest payments between users that were sent in a currency, the later of two that are the same first. */
export async function listLargest(
  readers: Database,
  numbers: Numbers,
  currency: string,
): Promise<readonly LargePayment[]> {
  return paymentsIn(readers, numbers)
    .join('users as f', 'f.id', 'p.from_user_id')
    .join('users as t', 't.id', 'p.to_user_id')
    .where('p.sent_currency', currency)
    .select('p.id', 'p.sent_amount', 'p.sent_currency', 'p.created_at')
    .select('f.username as sender', 't.username as receiver')
    .orderBy([
      { column: 'p.sent_amount', order: 'desc' },
      { column: 'p.id', order: 'desc' },
    ])
    .limit(mostLargest);
}
