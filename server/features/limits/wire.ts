import * as z from 'zod';
import type { LimitRow } from '../../../db/tables/users.js';
import { timeText } from '../../clock.js';
import { amountTextSchema, momentSchema, reasonSchema } from '../../money/fields.js';
import { moneyJson } from '../../money/format.js';
import { maxMinor } from '../../money/money.js';
import { moneySchema } from '../../money/wire.js';
import { dayMicros, type Paid } from './day.js';
import { type Limits, unlimitedMinor } from './limits.js';

const ownLimitSchema = z
  .strictObject({
    limit: z.enum(['per_payment', 'per_day']),
    total: moneySchema,
    used: moneySchema.meta({
      description: 'What counts of the last 24 hours, as far as an amount can say it; zero per payment.',
    }),
    remaining: moneySchema,
    resetsAt: momentSchema.nullable().meta({
      description: 'When the first of what was used stops counting; null where nothing was.',
    }),
  })
  .meta({ id: 'OwnLimit', description: 'How much the viewer may pay, and what is left of it.' });

export const ownLimitsSchema = z
  .strictObject({
    data: z.array(ownLimitSchema).meta({ description: 'Empty where nothing is limited.' }),
  })
  .meta({ id: 'OwnLimits' });

export type OwnLimitJson = z.output<typeof ownLimitSchema>;
export type OwnLimitsJson = z.output<typeof ownLimitsSchema>;

/** The limits of a user, and what is left of each; none where nothing limits it. */
export function ownLimitsJson({ perPayment, perDay }: Limits, paid: Paid, currency: string): OwnLimitsJson {
  const limitJson = (
    limit: OwnLimitJson['limit'],
    total: number,
    { minor, firstAt }: Paid,
  ): OwnLimitJson => ({
    limit,
    total: moneyJson({ minor: total, currency }),
    // What is paid to and fro adds up to more than there is, and than an amount can say.
    used: moneyJson({ minor: Math.min(minor, maxMinor), currency }),
    remaining: moneyJson({ minor: Math.max(0, total - minor), currency }),
    resetsAt: firstAt === null ? null : timeText(firstAt + dayMicros),
  });
  return {
    data: [
      ...(perPayment === null ? [] : [limitJson('per_payment', perPayment, { minor: 0, firstAt: null })]),
      ...(perDay === null ? [] : [limitJson('per_day', perDay, paid)]),
    ],
  };
}

const unchanged = 'Left out, it stays as it is.';

const someChange = {
  error: 'must say what to change: perPayment or perDay',
  // The fields are judged together where none is unknown, which is complaint enough.
  when: ({ issues }: { readonly issues: readonly unknown[] }) => issues.length === 0,
};

/** The reason, and what changes. */
const minProperties = 2;

const hasChange = (change: { readonly perPayment?: unknown; readonly perDay?: unknown }) =>
  change.perPayment !== undefined || change.perDay !== undefined;

const ofCurrency = amountTextSchema
  .nullable()
  .optional()
  .meta({ description: `In the currency; null for no limit. ${unchanged}` });

export const currencyLimitChangeSchema = z
  .strictObject({ perPayment: ofCurrency, perDay: ofCurrency, reason: reasonSchema })
  .refine(hasChange, someChange)
  .meta({ id: 'CurrencyLimitChange', minProperties });

const ofUser = z
  // The amount first: of what is neither it is said what is wrong with the amount.
  .union([amountTextSchema, z.literal('none')])
  .nullable()
  .optional()
  .meta({
    description: `In the user's currency; "none" for no limit whatever that of the currency is; null for that of the currency. ${unchanged}`,
  });

export const userLimitChangeSchema = z
  .strictObject({ perPayment: ofUser, perDay: ofUser, reason: reasonSchema })
  .refine(hasChange, someChange)
  .meta({ id: 'UserLimitChange', minProperties });

const figure = z.union([z.literal('none'), moneySchema]).nullable();

export const limitSchema = z
  .strictObject({
    currency: z.string(),
    username: z
      .string()
      .nullable()
      .meta({ description: 'Whose own it is; null for that of all who hold the currency.' }),
    perPayment: figure.meta({ description: 'Null where it sets none; "none" where it takes one away.' }),
    perDay: figure.meta({ description: 'Within any 24 hours.' }),
  })
  .meta({ id: 'Limit', description: 'How much those who hold a currency, or one user, may pay.' });

export type LimitJson = z.output<typeof limitSchema>;

/** A limit that is set, with the name of the user whose own it is. */
export function limitJson(
  { currency, per_payment, per_day }: Pick<LimitRow, 'currency' | 'per_payment' | 'per_day'>,
  username: string | null,
): LimitJson {
  const figureJson = (minor: number | null) => {
    if (minor === null) {
      return null;
    }
    return minor === unlimitedMinor ? 'none' : moneyJson({ minor, currency });
  };
  return { currency, username, perPayment: figureJson(per_payment), perDay: figureJson(per_day) };
}
