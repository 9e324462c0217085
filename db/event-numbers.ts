/**
 * The numbers of events that payments leave room for: that of the receipt of a payment is the payment's own times this, and
 * all else that happens before the next payment has those in between. So a receipt needs no number, and no row, of its own.
 */
export const numbersPerPayment = 1_024;

/** The type of the event that a receipt is. */
export const receiptType = 'payment.received';

/** The greatest number of a payment: ids that the world sees hold numbers below 2^50, those of receipts included. */
export const mostPayments = 2 ** 40 - 1;

/** The number of the event that the receipt of this payment is. */
export const receiptNumber = (paymentId: number): number => paymentId * numbersPerPayment;

/** The payment whose receipt has this number; undefined for a number that none has. */
export const paymentOfReceipt = (eventId: number): number | undefined =>
  eventId % numbersPerPayment === 0 ? eventId / numbersPerPayment : undefined;
