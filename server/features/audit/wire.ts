import * as z from 'zod';
import type { AuditRow } from '../../../db/tables/acts.js';
import { timeText } from '../../clock.js';
import { publicId } from '../../ids.js';
import { type Action, actions } from '../../ledger/record-act.js';
import { momentSchema } from '../../money/fields.js';

const detailSchema = z.record(z.string(), z.unknown()).nullable();

export const auditRecordSchema = z
  .strictObject({
    id: z.string(),
    at: momentSchema,
    actor: z.string().nullable().meta({
      description: 'Who did it; null where nobody is known: a failed login, the operator.',
    }),
    action: z.enum(actions).meta({
      description: '`<noun>.<past participle>`.',
      examples: ['user.registered', 'session.refused', 'token.created'],
    }),
    subject: z.string().nullable().meta({
      description: 'Whom or what it was done to: a username or an id. Null for a login by a name nobody has.',
    }),
    address: z.string().meta({ description: 'The IP address that it came from.' }),
    requestId: z.string(),
    reason: z.string().nullable(),
    before: detailSchema.meta({ description: 'What was so before and is not any more.' }),
    after: detailSchema.meta({ description: 'What is so since.' }),
  })
  .meta({ id: 'AuditRecord', description: 'Who did what, when, and from where. It holds no secrets.' });

export type AuditRecordJson = z.output<typeof auditRecordSchema>;

/** A record, and the username of whoever acted. */
export interface AuditView {
  readonly record: AuditRow;
  readonly actor: string | null;
}

const detailOf = (text: string | null) => (text === null ? null : JSON.parse(text));

export function auditRecordJson({ record, actor }: AuditView): AuditRecordJson {
  return {
    id: publicId('aud', record.id),
    at: timeText(record.at),
    actor,
    // The rule that recorded the act named one of them.
    action: record.action as Action,
    subject: record.subject,
    address: record.address,
    requestId: record.request_id,
    reason: record.reason,
    before: detailOf(record.before),
    after: detailOf(record.after),
  };
}
