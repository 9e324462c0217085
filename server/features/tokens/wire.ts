import * as z from 'zod';
import type { TokenRow } from '../../../db/tables/credentials.js';
import { timeText } from '../../clock.js';
import { type Scope, scopes } from '../../http/contract/route.js';
import { publicId } from '../../ids.js';
import { momentSchema } from '../../money/fields.js';
import { shownLine } from '../../money/plain-text.js';

export const createTokenSchema = z
  .strictObject({
    name: shownLine(100)
      .min(1, { error: 'must say what the token is for' })
      .meta({ examples: ['payroll script'] }),
    scopes: z
      .array(z.enum(scopes))
      .min(1, { error: 'must name at least one scope' })
      .refine((named) => new Set(named).size === named.length, { error: 'names a scope twice' })
      .meta({ uniqueItems: true, examples: [['pay', 'read']] }),
    expiresInDays: z.int().min(1).max(366).default(90),
  })
  .meta({ id: 'CreateToken' });

export const tokenSchema = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    scopes: z.array(z.enum(scopes)),
    createdAt: momentSchema,
    expiresAt: momentSchema,
    lastUsedAt: momentSchema.nullable().meta({
      description: 'To within a minute or so; null where it was never used.',
    }),
  })
  .meta({
    id: 'Token',
    description: 'A personal access token; the secret itself is shown once, when it is made.',
  });

export const newTokenSchema = tokenSchema.extend({ token: z.string() }).meta({ id: 'NewToken' });

export type TokenJson = z.output<typeof tokenSchema>;

export function tokenJson(token: TokenRow): TokenJson {
  return {
    id: publicId('tok', token.id),
    name: token.name,
    scopes: token.scopes.split(' ') as Scope[],
    createdAt: timeText(token.created_at),
    expiresAt: timeText(token.expires_at),
    lastUsedAt: token.last_used_at === null ? null : timeText(token.last_used_at),
  };
}
