import type { EventRow } from '../../../db/tables/events.js';
import type { Tables } from './tables.js';

/** What a user was told, in order: the events that have rows, and the receipts of transfers, each with 1,024 numbers. */
export function eventsOf(
  { accounts, entries, events, payments }: Pick<Tables, 'accounts' | 'entries' | 'events' | 'payments'>,
  userId: number,
): readonly EventRow[] {
  const account = accounts.find(({ user_id }) => user_id === userId);
  const receipts = entries.filter(({ kind, account_id }) => kind === 'receipt' && account_id === account?.id);
  const told = receipts.map(({ payment_id }) => ({
    user_id: userId,
    id: payment_id * 1_024,
    type: 'payment.received',
    at: payments.find(({ id }) => id === payment_id)?.created_at ?? 0,
    payment_id,
    data: null,
  }));
  return [...events.filter(({ user_id }) => user_id === userId), ...told].toSorted(
    (one, other) => one.id - other.id,
  );
}
