import * as z from 'zod';
import type { AccountRow, UserRow } from '../../../db/tables/users.js';
import { timeText } from '../../clock.js';
import { publicId } from '../../ids.js';
import { currencyCodeSchema, momentSchema } from '../../money/fields.js';
import { moneyJson } from '../../money/format.js';
import { plainText, shownLine } from '../../money/plain-text.js';
import { moneySchema } from '../../money/wire.js';
import { maxPasswordLength } from '../credentials/prepare-password.js';
import { looksReserved } from './reserved-names.js';

export const usernameSchema = z
  .string()
  .regex(/^(?!\.+$)[A-Za-z0-9@.+\-_]{1,100}$/, {
    error: 'must be 1 to 100 of A-Z a-z 0-9 @ . + - _, and not of full stops alone',
  })
  .meta({ description: 'Unique regardless of case.', examples: ['alice'] });

export const emailSchema = z
  .email({
    error: ({ input }) =>
      input === undefined ? undefined : 'must be an email address such as alice@example.org',
  })
  .max(254, { error: 'may be at most 254 characters long' })
  .meta({ description: 'Several users may have the same one.', examples: ['alice@example.org'] });

/** The form of a password; its strength is judged apart, since that looks at the username and the email, too. */
const passwordSchema = plainText(maxPasswordLength).meta({
  description: 'At least 8 characters, not only digits, not common, not close to the username or email.',
  format: 'password',
  examples: ['maple-7-otter'],
});

/** A name of blanks alone, or of signs that are not drawn, would stand where people look for somebody. */
export const displayNameSchema = shownLine(100)
  .regex(/[\p{L}\p{N}\p{P}\p{S}]/u, {
    error: 'must hold a letter or another sign that is drawn; null is no name',
  })
  .meta({
    description: 'How to be called.',
    examples: ['Alice Example'],
  });

export const registrationPolicySchema = z.enum(['open', 'invite', 'closed']).meta({
  description: 'Who may register: anyone, who has an invitation, or nobody but whom administrators register.',
});

export type RegistrationPolicy = z.output<typeof registrationPolicySchema>;

/** What an invitation is called in JSON, where it is sent and where it is shown. */
export const invitationSchema = z.string().max(100).meta({
  description: 'What an administrator gave to be registered with, where the server asks for it.',
});

export const registrationSchema = z
  .strictObject({
    username: usernameSchema.refine((username) => !looksReserved(username), {
      error: 'looks like a name of the people who run this server; choose another one',
    }),
    email: emailSchema,
    password: passwordSchema,
    currency: currencyCodeSchema,
    displayName: displayNameSchema.optional(),
    invitation: invitationSchema.optional(),
  })
  .meta({ id: 'Registration' });

/** Whoever is registered by others as an administrator may be called what they like. */
export const adminRegistrationSchema = z
  .strictObject({
    username: usernameSchema,
    email: emailSchema,
    password: passwordSchema,
    currency: currencyCodeSchema
      .optional()
      .meta({ description: 'By default that of the administrator who registers.' }),
  })
  .meta({ id: 'AdminRegistration' });

export const registrationCheckSchema = registrationSchema
  .pick({ username: true, email: true, password: true, invitation: true })
  .partial()
  .meta({ id: 'RegistrationCheck', description: 'What is known so far of somebody who is to register.' });

export const profileChangeSchema = z
  .strictObject({
    email: emailSchema.optional(),
    displayName: displayNameSchema.nullable().optional(),
    currentPassword: plainText(maxPasswordLength)
      .optional()
      .meta({ description: 'Needed to change the email.', format: 'password' }),
  })
  .refine(({ email, displayName }) => email !== undefined || displayName !== undefined, {
    error: 'must say what to change: email or displayName',
    // Strength is judged where no field is unknown, which is complaint enough.
    when: ({ issues }) => issues.length === 0,
  })
  .refine(({ email, currentPassword }) => email === undefined || currentPassword !== undefined, {
    error: 'is required to change the email',
    path: ['currentPassword'],
    when: ({ issues }) => issues.length === 0,
  })
  .meta({
    id: 'ProfileChange',
    anyOf: [{ required: ['email'] }, { required: ['displayName'] }],
    dependentRequired: { email: ['currentPassword'] },
  });

export const passwordChangeSchema = z
  .strictObject({ currentPassword: plainText(maxPasswordLength), newPassword: passwordSchema })
  .meta({ id: 'PasswordChange' });

export const userSchema = z
  .strictObject({
    id: z.string(),
    username: z.string(),
    displayName: z.string().nullable(),
    email: z.string(),
    role: z.enum(['user', 'admin']),
    status: z.enum(['active', 'frozen']),
    currency: z.string(),
    balance: moneySchema,
    createdAt: momentSchema,
  })
  .meta({ id: 'User', description: 'A user as they see themselves.' });

export type UserJson = z.output<typeof userSchema>;

/** The most display names that are asked for at once. */
export const mostNamesAsked = 100;

export const displayNamesSchema = z
  .strictObject({
    data: z.array(z.strictObject({ username: z.string(), displayName: z.string() })).max(mostNamesAsked),
  })
  .meta({ id: 'DisplayNames', description: 'What users call themselves.' });

type ShownUser = Pick<
  UserRow,
  'id' | 'username' | 'display_name' | 'email' | 'role' | 'status' | 'currency' | 'created_at'
>;

export function userJson(user: ShownUser, account: Pick<AccountRow, 'balance' | 'currency'>): UserJson {
  return {
    id: publicId('usr', user.id),
    username: user.username,
    displayName: user.display_name,
    email: user.email,
    role: user.role,
    status: user.status,
    currency: user.currency,
    balance: moneyJson({ minor: account.balance, currency: account.currency }),
    createdAt: timeText(user.created_at),
  };
}
