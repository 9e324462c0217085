import type { PaymentRow } from '../../../../db/tables/payments.js';
import type { RequestRow } from '../../../../db/tables/requests.js';
import { faultsOf } from './problems.js';

function paysWhatWasAsked(payment: PaymentRow, { amount, currency }: RequestRow): boolean {
  return (
    (payment.sent_currency === currency && payment.sent_amount === amount) ||
    (payment.received_currency === currency && payment.received_amount === amount)
  );
}

/** The faults between a request that says it is paid, or names a payment, and the payments that name it. */
export function requestFaults(request: RequestRow, payments: readonly PaymentRow[]): readonly string[] {
  const [payment] = payments;
  if (request.status !== 'paid' || payment === undefined || payments.length !== 1) {
    return [`is ${request.status} and was paid by ${payments.length} payments`];
  }
  return faultsOf([
    request.payment_id !== payment.id && 'names another payment than the one that names it',
    (payment.from_user_id !== request.payer_id || payment.to_user_id !== request.requester_id) &&
      'was paid between others than its two sides',
    !paysWhatWasAsked(payment, request) && 'was paid with another amount than was asked for',
    request.closed_at !== payment.created_at && 'was closed at another time than it was paid',
  ]);
}
