import * as z from 'zod';
import type { InvitationRow } from '../../../db/tables/credentials.js';
import { timeText } from '../../clock.js';
import { publicId } from '../../ids.js';
import { momentSchema } from '../../money/fields.js';
import { saidText } from '../../money/plain-text.js';
import { invitationSchema } from '../accounts/wire.js';

/** The most invitations that are made at once. */
const mostAtOnce = 100;

export const createInvitationsSchema = z
  .strictObject({
    note: saidText(100, 'must say whom the invitations are for').meta({
      description: 'Whom they are for, or what.',
      examples: ['class 5b'],
    }),
    count: z.int().min(1).max(mostAtOnce).default(1).meta({ description: 'How many, 1 to 100.' }),
    expiresInDays: z.int().min(1).max(366).default(30),
  })
  .meta({ id: 'CreateInvitations' });

export const statuses = ['open', 'used', 'revoked', 'expired'] as const;
export type InvitationStatus = (typeof statuses)[number];

export const listedInvitationSchema = z
  .strictObject({
    id: z.string(),
    note: z.string(),
    status: z.enum(statuses),
    createdBy: z.string(),
    createdAt: momentSchema,
    expiresAt: momentSchema,
    revokedAt: momentSchema.nullable(),
    usedBy: z.string().nullable().meta({ description: 'The username of who was registered with it.' }),
    usedAt: momentSchema.nullable(),
  })
  .meta({
    id: 'Invitation',
    description: 'An invitation to register, once; its secret is shown when it is made.',
  });

export const newInvitationsSchema = z
  .strictObject({
    data: z.array(
      z.strictObject({
        id: z.string(),
        invitation: invitationSchema.meta({ description: 'The secret. Shown this once.' }),
        note: z.string(),
        expiresAt: momentSchema,
      }),
    ),
  })
  .meta({ id: 'NewInvitations' });

export type InvitationJson = z.output<typeof listedInvitationSchema>;
export type NewInvitationsJson = z.output<typeof newInvitationsSchema>;

/** An invitation with the names that it is shown with. */
export interface InvitationView extends InvitationRow {
  readonly creator: string;
  readonly user: string | null;
}

function statusOf({ used_at, revoked_at, expires_at }: InvitationRow, now: number): InvitationStatus {
  if (used_at !== null) {
    return 'used';
  }
  if (revoked_at !== null) {
    return 'revoked';
  }
  return expires_at <= now ? 'expired' : 'open';
}

const timeOrNull = (micros: number | null) => (micros === null ? null : timeText(micros));

/** The invitation as it stands at `now`, in microseconds. */
export function invitationJson(view: InvitationView, now: number): InvitationJson {
  return {
    id: publicId('inv', view.id),
    note: view.note,
    status: statusOf(view, now),
    createdBy: view.creator,
    createdAt: timeText(view.created_at),
    expiresAt: timeText(view.expires_at),
    revokedAt: timeOrNull(view.revoked_at),
    usedBy: view.user,
    usedAt: timeOrNull(view.used_at),
  };
}
