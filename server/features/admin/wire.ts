import * as z from 'zod';
import { timeText } from '../../clock.js';
import {
  amountTextSchema,
  currencyCodeSchema,
  idSchema,
  momentSchema,
  reasonSchema,
} from '../../money/fields.js';
import { displayNameSchema, emailSchema, userJson, usernameSchema, userSchema } from '../accounts/wire.js';
import { paymentJsonWith, paymentSchema, type SeenPayment } from '../payments/wire.js';
import { tokenJson, tokenSchema } from '../tokens/wire.js';
import type { UserSummary } from './user-summary-store.js';

/** With its reason, a change has two members at least. */
export const userChangeSchema = z
  .strictObject({
    status: z.enum(['active', 'frozen']).optional(),
    role: z.enum(['user', 'admin']).optional(),
    secondFactor: z.literal('off').optional(),
    reason: reasonSchema,
  })
  .refine(({ status, role, secondFactor }) => (status ?? role ?? secondFactor) !== undefined, {
    error: 'must say what to change: status, role or secondFactor',
    // The fields are judged together where none is unknown, which is complaint enough.
    when: ({ issues }) => issues.length === 0,
  })
  .meta({ id: 'UserChange', minProperties: 2 });

export const passwordResetSchema = z.strictObject({ reason: reasonSchema }).meta({ id: 'PasswordReset' });

const oneTimePassword = z
  .string()
  .meta({ description: 'Shown this once. It must be changed after the next login, before it expires.' });

const expiresAt = momentSchema.meta({ description: 'When the one-time password expires.' });

export const oneTimePasswordSchema = z
  .strictObject({ oneTimePassword, expiresAt })
  .meta({ id: 'OneTimePassword' });

export const userRegistrationSchema = z
  .strictObject({
    username: usernameSchema,
    email: emailSchema,
    currency: currencyCodeSchema
      .optional()
      .meta({ description: 'By default that of the administrator who registers.' }),
    displayName: displayNameSchema.optional(),
  })
  .meta({ id: 'UserRegistration' });

export const registeredUserSchema = z
  .strictObject({ user: userSchema, oneTimePassword, expiresAt })
  .meta({ id: 'RegisteredUser' });

export const adjustmentSchema = z
  .strictObject({
    username: usernameSchema.meta({ description: 'Whose balance.' }),
    amount: amountTextSchema.meta({ description: "In the user's currency." }),
    direction: z.enum(['credit', 'debit']),
    reason: reasonSchema,
    corrects: idSchema('payment').max(64).optional().meta({
      description: 'The payment of this user that it corrects; both then name each other.',
    }),
    dryRun: z
      .boolean()
      .default(false)
      .meta({ description: 'Judge it and say what would happen; write nothing.' }),
  })
  .meta({ id: 'Adjustment' });

const count = z.int().min(0);

/** The most payments of one user that are counted. */
export const mostCounted = 1_000_000;

export const adminUserSchema = userSchema
  .extend({
    mustChangePassword: z
      .boolean()
      .meta({ description: 'Whether the password was reset and not changed since.' }),
    frozen: z
      .strictObject({ at: momentSchema, by: z.string().nullable(), reason: z.string().nullable() })
      .nullable()
      .meta({ description: 'When, by whom and why the account was frozen; null where it is not.' }),
    lastLoginAt: momentSchema.nullable(),
    lastPaymentAt: momentSchema.nullable(),
    payments: count
      .max(mostCounted)
      .meta({ description: 'Payments sent and received; of more than a million, a million.' }),
    pendingRequests: z.strictObject({ incoming: count, outgoing: count }),
    sessions: z.strictObject({
      active: count,
      newest: z.array(
        z.strictObject({ address: z.string(), openedAt: momentSchema, expiresAt: momentSchema }),
      ),
    }),
    tokens: z.strictObject({ active: count, newest: z.array(tokenSchema) }),
    webhooks: count.meta({ description: 'Webhooks that are told of events.' }),
    hasSecondFactor: z.boolean().meta({ description: 'Whether codes are asked for besides the password.' }),
  })
  .meta({ id: 'AdminUser', description: 'A user as an administrator sees them. It holds no secrets.' });

export const adminPaymentSchema = paymentSchema
  .extend({
    direction: z.null().meta({ description: 'Null: the administrator is none of its parties.' }),
    balanceAfter: z.null().meta({ description: 'Null: see direction.' }),
  })
  .meta({ id: 'AdminPayment', description: 'A payment as an administrator sees it.' });

export type AdminUserJson = z.output<typeof adminUserSchema>;
export type AdminPaymentJson = z.output<typeof adminPaymentSchema>;
export type OneTimePasswordJson = z.output<typeof oneTimePasswordSchema>;
export type RegisteredUserJson = z.output<typeof registeredUserSchema>;

export function adminPaymentJson(payment: SeenPayment): AdminPaymentJson {
  return paymentJsonWith(payment, { direction: null, balanceAfter: null });
}

const timeOrNull = (micros: number | null) => (micros === null ? null : timeText(micros));

export function adminUserJson(summary: UserSummary): AdminUserJson {
  const { user, freezing, sessions, tokens } = summary;
  return {
    ...userJson(user, summary.account),
    mustChangePassword: user.one_time_until !== null,
    frozen: freezing && { at: timeText(freezing.at), by: freezing.by, reason: freezing.reason },
    lastLoginAt: timeOrNull(summary.lastLoginAt),
    lastPaymentAt: timeOrNull(summary.lastPaymentAt),
    payments: summary.payments,
    pendingRequests: summary.pendingRequests,
    sessions: {
      active: sessions.active,
      newest: sessions.newest.map(({ address, created_at, expires_at }) => ({
        address,
        openedAt: timeText(created_at),
        expiresAt: timeText(expires_at),
      })),
    },
    tokens: { active: tokens.active, newest: tokens.newest.map(tokenJson) },
    webhooks: summary.webhooks,
    hasSecondFactor: summary.hasSecondFactor,
  };
}
