import * as z from 'zod';
import type { ProblemJson } from '../../errors.js';
import { amountTextSchema, currencyCodeSchema, memoSchema } from '../../money/fields.js';
import { moneySchema } from '../../money/wire.js';
import { usernameSchema } from '../accounts/wire.js';
import { paymentSchema } from '../payments/wire.js';

/** The most payments that one payout may hold. */
export const mostPayoutItems = 1_000;

/** The largest body: as many items as may be, with a kilobyte for each; names and memos are longer together than that in few lists of a thousand. */
export const payoutBodyBytes = 1024 * 1024;

/** The most values of a body: as many items as may be with all their members, and room for some more of either, which are then refused by name. */
export const payoutBodyValues = 6 * mostPayoutItems;

const payoutItemSchema = z.strictObject({
  to: usernameSchema.meta({ description: 'The username of the receiver.' }),
  amount: amountTextSchema,
  currency: currencyCodeSchema.optional().meta({
    description: "The sender's (default) fixes what is debited, the receiver's what arrives.",
  }),
  memo: memoSchema.nullable().optional(),
});

export const payoutSchema = z
  .strictObject({
    items: z.array(payoutItemSchema).min(1).max(mostPayoutItems),
    mode: z.enum(['each', 'all']).meta({
      description: '`all` pays everybody or nobody; `each` answers item by item, in order.',
    }),
    dryRun: z
      .boolean()
      .default(false)
      .meta({ description: 'Judge it and say what would happen; write nothing.' }),
  })
  .meta({
    id: 'Payout',
    examples: [
      {
        items: [
          { to: 'bob', amount: '1200.00', memo: 'November' },
          { to: 'carol', amount: '900.00', currency: 'USD' },
        ],
        mode: 'each',
      },
    ],
  });

/** A refusal as it would have been answered alone. */
const itemProblemSchema = z.custom<ProblemJson>().meta({
  override: { $ref: '#/components/schemas/Problem' },
});

const place = {
  index: z.int().min(0).meta({ description: 'Which of the items, counted from 0.' }),
  status: z.int().meta({ description: 'The HTTP status that the item alone would have been answered with.' }),
};

const payoutResultSchema = z.union([
  z.strictObject({ ...place, payment: paymentSchema }),
  z.strictObject({ ...place, error: itemProblemSchema }),
]);

export const payoutAnswerSchema = z
  .strictObject({
    mode: z.enum(['each', 'all']),
    results: z.array(payoutResultSchema).meta({ description: 'One for each item, in order.' }),
    totals: z.strictObject({
      paid: z.int().meta({ description: 'How many items were paid.' }),
      refused: z.int().meta({ description: 'How many were not.' }),
      sent: moneySchema.meta({ description: 'What all of it took from the sender.' }),
      received: z
        .array(moneySchema)
        .meta({ description: 'What arrived, one sum for each currency, in the order of their codes.' }),
      balanceAfter: moneySchema.meta({ description: "The sender's own balance after the last item." }),
    }),
  })
  .meta({ id: 'PayoutAnswer' });

export type PayoutResultJson = z.output<typeof payoutResultSchema>;
export type PayoutAnswerJson = z.output<typeof payoutAnswerSchema>;
export type PayoutTotalsJson = PayoutAnswerJson['totals'];
