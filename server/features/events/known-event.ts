import { paymentOfReceipt, receiptType } from '../../../db/event-numbers.js';
import type { Book, KnownBook } from '../../ledger/book/book.js';
import { type Lookup, lookup } from '../../ledger/book/lookup.js';

/** The lookups for what type of event a user's event of this number is. */
export function eventReads(book: KnownBook, userId: number, id: number): readonly Lookup[] {
  const paymentId = paymentOfReceipt(id);
  const account = book.peek('accounts', { user_id: userId });
  return [
    lookup('events', { user_id: userId, id }),
    ...(paymentId === undefined ? [] : [lookup('accounts', { user_id: userId })]),
    ...(paymentId !== undefined && account
      ? [lookup('entries', { account_id: account.id, kind: 'receipt', payment_id: paymentId })]
      : []),
  ];
}

/** The type of a user's event of this number; undefined where they have none. */
export function eventType(book: Book, userId: number, id: number): string | undefined {
  const row = book.find('events', { user_id: userId, id });
  const paymentId = paymentOfReceipt(id);
  if (row || paymentId === undefined) {
    return row?.type;
  }
  const account = book.find('accounts', { user_id: userId });
  const key = account && { account_id: account.id, kind: 'receipt' as const, payment_id: paymentId };
  return key && book.find('entries', key) ? receiptType : undefined;
}
