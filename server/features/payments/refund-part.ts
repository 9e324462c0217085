import type { PaymentRow } from '../../../db/tables/payments.js';

/** The part of a payment that was given back so far: minor units of what was sent, and of what was received. */
export interface Refunded {
  readonly returned: number;
  readonly debited: number;
}

/**
 * The part that a refund gives back and takes when so much of what was sent, at most what is left of it, is to go back. It
 * takes in proportion, rounded up, but with all refunds before it never more than was received; the one that takes the last
 * of that gives back all that is left of what was sent, so that nothing stays behind that can never come back.
 */
export function refundPart(
  payment: Pick<PaymentRow, 'sent_amount' | 'received_amount'>,
  { returned, debited }: Refunded,
  asked: number,
): Refunded {
  const left = payment.sent_amount - returned;
  const [sent, received] = [BigInt(payment.sent_amount), BigInt(payment.received_amount)];
  const share = Number((received * BigInt(asked) + sent - 1n) / sent);
  const rest = payment.received_amount - debited;
  return asked === left || share >= rest
    ? { returned: left, debited: rest }
    : { returned: asked, debited: share };
}
