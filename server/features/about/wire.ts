import * as z from 'zod';
import { momentSchema } from '../../money/fields.js';
import { moneySchema } from '../../money/wire.js';
import { registrationPolicySchema } from '../accounts/wire.js';

export const timeSchema = z
  .strictObject({
    currentTime: z.string().meta({ description: 'UTC, as YYYY-MM-DD HH:MM:SS.' }),
    timestamp: momentSchema,
    source: z.string().meta({ description: 'The timestamp service that was asked.' }),
  })
  .meta({
    id: 'Time',
    examples: [
      {
        currentTime: '2026-11-22 18:00:00',
        timestamp: '2026-11-22T18:00:00.123456Z',
        source: 'thrift://127.0.0.1:10000',
      },
    ],
  });

export const serverSchema = z
  .strictObject({
    name: z.string(),
    version: z.string(),
    baseCurrency: z.string(),
    currencies: z
      .array(z.string())
      .meta({ description: 'Their codes; GET /v1/currencies tells more of each.' }),
    conversionSource: z.string().meta({
      description:
        'Where the rates come from: the built-in table, the operator’s file, or the address of another service.',
    }),
    openingCredit: moneySchema.nullable().meta({
      description: "What a new user is given, converted to the user's currency; null where that is nothing.",
    }),
    limits: z.strictObject({
      bodyBytes: z.int(),
      memoCharacters: z.int(),
      passwordMinCharacters: z.int(),
      passwordMaxCharacters: z.int(),
      pageItems: z.int(),
      summaryGroups: z.int().meta({ description: 'Of a summary, and steps of balances.' }),
      summaryPayments: z.int().meta({ description: 'So many payments are summed at once at most.' }),
      payoutItems: z.int(),
      payoutBodyBytes: z.int(),
      collectionPeople: z.int().meta({ description: 'Of one collection.' }),
      openCollections: z.int().meta({ description: 'Of one user.' }),
      tokenDays: z.int(),
      tokens: z.int().meta({ description: 'Live ones of one user.' }),
      sessions: z
        .int()
        .meta({ description: 'Live ones of one user; with another one the one used longest ago ends.' }),
      refundDays: z
        .int()
        .meta({ description: 'For so many days a payment across currencies can be given back.' }),
      sessionIdleHours: z.int().meta({ description: 'After them a session ends that is left alone.' }),
      sessionDays: z.int().meta({ description: 'After them a session ends, however much it is used.' }),
    }),
    rateLimits: z
      .record(z.string(), z.strictObject({ points: z.int(), windowSeconds: z.int() }))
      .nullable()
      .meta({
        description:
          'By the names that the RateLimit headers give: so many points in so many seconds of one user or network. Of guesses, which begin so: the failures that are free, and the first wait after them. Null where nothing is limited.',
      }),
    shares: z.record(z.string(), z.strictObject({ ofOne: z.int(), inAll: z.int() })).meta({
      description:
        'Of what all share, how much one user (or, where nobody is logged in, one network) may take at once, and how much all may. Those that end in Waiting are of what waits for its turn.',
    }),
    guesses: z.strictObject({
      longestWaitSeconds: z.int().meta({ description: 'Each wait is twice the one before, up to this.' }),
      forgottenAfterSeconds: z.int(),
    }),
    secondFactor: z.strictObject({
      digits: z.int(),
      periodSeconds: z.int(),
      skewSteps: z.int().meta({ description: 'So many steps before and after its own a code counts, too.' }),
      recoveryCodes: z.int(),
      confirmableMinutes: z.int().meta({ description: 'For so long one that was begun can be confirmed.' }),
    }),
    policies: z.strictObject({
      registration: registrationPolicySchema,
      rounding: z.strictObject({ received: z.literal('down'), debited: z.literal('up') }),
      rateLimits: z.boolean(),
      adminSecondFactor: z.enum(['optional', 'required']).meta({
        description: 'Whether an administrator without a second factor changes nothing.',
      }),
      requestsCheckFunds: z.boolean(),
      idempotencyKeysExpire: z.literal(false),
    }),
  })
  .meta({ id: 'Server' });

export type ServerJson = z.output<typeof serverSchema>;

export const healthSchema = z.strictObject({ status: z.literal('ok') }).meta({ id: 'Health' });
