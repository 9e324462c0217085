import type { PaymentRow, RatesRow } from '../../../db/tables/payments.js';
import type { Book } from '../../ledger/book/book.js';
import { type Lookup, lookup } from '../../ledger/book/lookup.js';

/** The lookups of the rates that a payment was made at. */
export const paymentRatesReads = ({ rates_id }: PaymentRow): readonly Lookup[] =>
  rates_id === null ? [] : [lookup('rates', { id: rates_id })];

/** The rates that a payment was made at; null within one currency. */
export const paymentRates = (book: Book, { rates_id }: PaymentRow): RatesRow | null =>
  rates_id === null ? null : book.get('rates', { id: rates_id });
