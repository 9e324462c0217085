import * as z from 'zod';
import { microsOf } from '../../clock.js';
import { boundedQuery } from '../../http/contract/bounded-query.js';
import { pageQuery } from '../../http/contract/page.js';
import { instantSchema } from '../../money/fields.js';
import { usernameSchema } from '../accounts/wire.js';
import type { AuditFilters } from './audit-store.js';

const filterQuery = {
  actor: usernameSchema.optional().meta({ description: 'Only what this user did.' }),
  action: z
    .string()
    .regex(/^[a-z_-]+\.[a-z_-]*$/, {
      error: 'must be an act such as user.registered, or a noun such as user. for all of its acts',
    })
    .max(100)
    .optional()
    .meta({
      description: 'Only this act; with nothing after the full stop, all acts of that noun.',
      examples: ['session.refused', 'token.'],
    }),
  subject: z.string().min(1).max(100).optional().meta({
    description: 'Only what was done to this user (by username, regardless of case) or to this id.',
  }),
  since: instantSchema.optional().meta({ description: 'Inclusive.' }),
  until: instantSchema.optional().meta({ description: 'Exclusive.' }),
};

export const auditQuerySchema = boundedQuery({ ...pageQuery, ...filterQuery });

export type AuditQuery = z.output<typeof auditQuerySchema>;
export type AuditFilterQuery = Omit<AuditQuery, keyof typeof pageQuery>;

/** The filters in the units of the store. */
export function auditFilters({ actor, action, subject, since, until }: AuditFilterQuery): AuditFilters {
  return {
    actor,
    action,
    subject,
    sinceMicros: since === undefined ? undefined : microsOf(since),
    untilMicros: until === undefined ? undefined : microsOf(until),
  };
}
