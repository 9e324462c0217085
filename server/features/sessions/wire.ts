import * as z from 'zod';
import type { SessionRow } from '../../../db/tables/credentials.js';
import { timeText } from '../../clock.js';
import { publicId } from '../../ids.js';
import { endOfCredential } from '../../ledger/judge-credential.js';
import { momentSchema } from '../../money/fields.js';
import { plainText } from '../../money/plain-text.js';
import { userSchema } from '../accounts/wire.js';
import { maxPasswordLength } from '../credentials/prepare-password.js';

export const loginSchema = z
  .strictObject({
    username: z
      .string()
      .max(100)
      .meta({ examples: ['alice'] }),
    password: plainText(maxPasswordLength).meta({ format: 'password', examples: ['maple-7-otter'] }),
  })
  .meta({ id: 'Login' });

export const sessionSchema = z
  .strictObject({
    token: z.string().meta({ description: 'For the Authorization header. Shown this once.' }),
    expiresAt: momentSchema.meta({ description: 'When it ends, however much it is used.' }),
    idleExpiresAt: momentSchema.meta({
      description: 'When it ends where it is not used before; each use puts that off.',
    }),
    user: userSchema,
    mustChangePassword: z.boolean().meta({
      description: 'Whether the password is a one-time one: nothing but changing it is allowed until it is.',
    }),
  })
  .meta({ id: 'Session' });

export const liveSessionSchema = z
  .strictObject({
    id: z.string(),
    createdAt: momentSchema,
    lastUsedAt: momentSchema.meta({ description: 'To within a minute or so.' }),
    address: z.string().meta({ description: 'Where it was opened from.' }),
    expiresAt: momentSchema.meta({ description: 'When it ends, however much it is used.' }),
    idleExpiresAt: momentSchema.meta({ description: 'When it ends where it is not used before.' }),
    current: z.boolean().meta({ description: 'Whether it is the one that asks.' }),
  })
  .meta({ id: 'LiveSession', description: 'Where you are logged in.' });

export type LiveSessionJson = z.output<typeof liveSessionSchema>;

/** A session as its user sees it; `currentId` is the number of the one that asks. */
export const liveSessionJson = (session: SessionRow, currentId: number): LiveSessionJson => ({
  id: publicId('ses', session.id),
  createdAt: timeText(session.created_at),
  lastUsedAt: timeText(session.last_used_at),
  address: session.address,
  expiresAt: timeText(session.expires_at),
  idleExpiresAt: timeText(endOfCredential(session)),
  current: session.id === currentId,
});

export type SessionJson = z.output<typeof sessionSchema>;
