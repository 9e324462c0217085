import * as z from 'zod';
import type { PaymentRow, RatesRow } from '../../../db/tables/payments.js';
import { timeText } from '../../clock.js';
import { publicId } from '../../ids.js';
import { amountTextSchema, currencyCodeSchema, memoSchema, momentSchema } from '../../money/fields.js';
import { moneyJson } from '../../money/format.js';
import { moneySchema } from '../../money/wire.js';
import { usernameSchema } from '../accounts/wire.js';

export const confirmDuplicateSchema = z.string().max(64).meta({
  description:
    'The id that POSSIBLE_DUPLICATE named, or `*` for whatever there is: this one is meant all the same.',
});

export const dryRunSchema = z
  .boolean()
  .default(false)
  .meta({ description: 'Judge it and say what would happen; write nothing.' });

export const sendPaymentSchema = z
  .strictObject({
    to: usernameSchema.meta({ description: 'The username of the receiver.' }),
    amount: amountTextSchema,
    currency: currencyCodeSchema.optional().meta({
      description: "The sender's (default) fixes what is debited, the receiver's what arrives.",
    }),
    memo: memoSchema.nullable().optional(),
    maxDebit: amountTextSchema.optional().meta({
      description: "The most that the sender is willing to lose, in the sender's currency.",
    }),
    confirmDuplicateOf: confirmDuplicateSchema.optional(),
    dryRun: dryRunSchema,
  })
  .meta({ id: 'SendPayment' });

export const refundSchema = z
  .strictObject({
    amount: amountTextSchema.optional().meta({
      description:
        'In the currency that the payer sent; by default all that is left. More goes back where this takes the last of what was received.',
    }),
    reason: memoSchema.nullable().optional(),
    confirmDuplicateOf: confirmDuplicateSchema.optional(),
    dryRun: dryRunSchema,
  })
  .meta({ id: 'RefundPayment' });

export const paymentKinds = ['opening_credit', 'transfer', 'request', 'refund', 'adjustment'] as const;

/** How often a payment is corrected at most. */
export const mostCorrections = 20;

export const paymentSchema = z
  .strictObject({
    id: z.string().nullable().meta({ description: 'Null in the answer to a dry run.' }),
    kind: z.enum(paymentKinds),
    direction: z.enum(['sent', 'received']),
    from: z.string().nullable().meta({ description: 'The sender; null where the system is.' }),
    to: z.string().nullable().meta({ description: 'The receiver; null where the system is.' }),
    sent: moneySchema,
    received: moneySchema,
    rate: z.string().meta({ description: 'To ten significant digits, to be read, not computed with.' }),
    ratesAsOf: z.iso
      .date()
      .nullable()
      .meta({ description: 'The date of the rate; null within one currency.' }),
    ratesSource: z
      .string()
      .nullable()
      .meta({ description: 'Where the rate comes from; null within one currency.' }),
    memo: z.string().nullable(),
    requestId: z.string().nullable(),
    refundOf: z.string().nullable(),
    refunded: moneySchema
      .nullable()
      .meta({ description: 'What was given back so far, in the currency sent.' }),
    corrects: z
      .string()
      .nullable()
      .meta({ description: 'The payment that an administrator corrected by this one.' }),
    correctedBy: z.array(z.string()).max(mostCorrections).meta({
      description: 'The payments by which an administrator corrected this one; its parties see their own.',
    }),
    balanceAfter: moneySchema.nullable().meta({ description: "The viewer's own balance." }),
    createdAt: momentSchema,
  })
  .meta({
    id: 'Payment',
    description: 'A payment as one of its two parties sees it.',
    examples: [
      {
        id: 'pay_000000002S',
        kind: 'transfer',
        direction: 'sent',
        from: 'alice',
        to: 'bob',
        sent: { amount: '10.00', currency: 'GBP' },
        received: { amount: '12.70', currency: 'USD' },
        rate: '1.27',
        ratesAsOf: '2026-11-20',
        ratesSource: 'built-in table',
        memo: 'lunch',
        requestId: null,
        refundOf: null,
        refunded: null,
        corrects: null,
        correctedBy: [],
        balanceAfter: { amount: '990.00', currency: 'GBP' },
        createdAt: '2026-11-22T18:00:00.123456Z',
      },
    ],
  });

export type PaymentJson = z.output<typeof paymentSchema>;

/** What is seen of a payment: its hash is for those who check the books. */
export type SeenPaymentRow = Omit<PaymentRow, 'hash'>;

/** A payment as anybody who may see it sees it. */
export interface SeenPayment {
  readonly payment: SeenPaymentRow;
  readonly from: string | null;
  readonly to: string | null;
  /** Minor units of what was sent that were given back. */
  readonly refunded: number;
  /** The numbers of the payments that correct it. */
  readonly correctedBy: readonly number[];
  /** The rates that the rate is of; null within one currency. */
  readonly rates: Pick<RatesRow, 'as_of' | 'source'> | null;
}

/** A payment as one of its two parties sees it. */
export interface PaymentView extends SeenPayment {
  /** The viewer's entry: minor units of the viewer's currency, negative where sent. */
  readonly amount: number;
  readonly balanceAfter: number;
}

/** The side of a payment that the viewer's account is on. */
export function ownSide({ payment, amount }: PaymentView): {
  readonly minor: number;
  readonly currency: string;
} {
  return amount < 0
    ? { minor: payment.sent_amount, currency: payment.sent_currency }
    : { minor: payment.received_amount, currency: payment.received_currency };
}

/** A payment with these in the places of what only its parties have. */
export function paymentJsonWith<Direction, Balance>(
  { payment, from, to, refunded, correctedBy, rates }: SeenPayment,
  { direction, balanceAfter }: { readonly direction: Direction; readonly balanceAfter: Balance },
) {
  return {
    id: publicId('pay', payment.id),
    kind: payment.kind,
    direction,
    from,
    to,
    sent: moneyJson({ minor: payment.sent_amount, currency: payment.sent_currency }),
    received: moneyJson({ minor: payment.received_amount, currency: payment.received_currency }),
    rate: payment.rate,
    ratesAsOf: rates?.as_of ?? null,
    ratesSource: rates?.source ?? null,
    memo: payment.memo,
    requestId: payment.request_id === null ? null : publicId('req', payment.request_id),
    refundOf: payment.refund_of === null ? null : publicId('pay', payment.refund_of),
    refunded: refunded === 0 ? null : moneyJson({ minor: refunded, currency: payment.sent_currency }),
    corrects: payment.corrects === null ? null : publicId('pay', payment.corrects),
    correctedBy: correctedBy.map((id) => publicId('pay', id)),
    balanceAfter,
    createdAt: timeText(payment.created_at),
  };
}

export function paymentJson(view: PaymentView): PaymentJson {
  return paymentJsonWith(view, {
    direction: view.amount < 0 ? 'sent' : 'received',
    balanceAfter: moneyJson({ minor: view.balanceAfter, currency: ownSide(view).currency }),
  });
}
