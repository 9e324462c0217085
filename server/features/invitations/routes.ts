import * as z from 'zod';
import type { Database } from '../../../db/connect.js';
import { countRows } from '../../../db/count-rows.js';
import type { Clock } from '../../clock.js';
import { csvOf } from '../../http/answer/csv.js';
import { ledgerAnswer } from '../../http/answer/ledger-answer.js';
import { type List, listAnswer } from '../../http/answer/list-answer.js';
import { listAnswers, pageQuery } from '../../http/contract/page.js';
import { defineRoute } from '../../http/contract/route.js';
import { rowNumber } from '../../ids.js';
import { decide } from '../../ledger/decide.js';
import type { LedgerDoor } from '../../ledger/door.js';
import { idSchema } from '../../money/fields.js';
import { makeToken } from '../credentials/secret-token.js';
import type { Lists } from '../lists/lists.js';
import { type CreateInvitations, createInvitations } from './create-invitations.js';
import { invitationQuery } from './invitation-store.js';
import { noSuchInvitation, revokeInvitation } from './revoke-invitation.js';
import {
  createInvitationsSchema,
  type InvitationStatus,
  type InvitationView,
  invitationJson,
  listedInvitationSchema,
  type NewInvitationsJson,
  newInvitationsSchema,
  statuses,
} from './wire.js';

export interface InvitationParts {
  readonly readers: Database;
  readonly ledger: LedgerDoor;
  readonly lists: Lists;
  readonly machineMicros: Clock;
}

const tag = 'Administration';
const reading = { who: 'user', scope: 'admin' } as const;
const changing = { who: 'session', role: 'admin' } as const;

export function invitationRoutes(parts: InvitationParts) {
  return [listRoute(parts), createRoute(parts), revokeRoute(parts)];
}

const columns = [
  'id',
  'note',
  'status',
  'createdBy',
  'createdAt',
  'expiresAt',
  'revokedAt',
  'usedBy',
  'usedAt',
] as const;

function invitationList({ lists, lists: { readers }, machineMicros }: InvitationParts): List<InvitationView> {
  const jsonOf = (view: InvitationView) => invitationJson(view, machineMicros());
  return {
    name: 'admin/invitations',
    lists,
    async open(filters) {
      const { status } = filters as { readonly status?: InvitationStatus };
      const wanted = { status, now: machineMicros() };
      return {
        readPage: async (page) => invitationQuery(readers, wanted, page),
        count: (page) => countRows(readers, invitationQuery(readers, wanted, page)),
      };
    },
    idOf: ({ id }) => String(id),
    jsonOf,
    csv: csvOf(columns, jsonOf),
  };
}

function listRoute(parts: InvitationParts) {
  const list = invitationList(parts);
  return defineRoute({
    method: 'GET',
    path: '/v1/admin/invitations',
    operationId: 'listInvitations',
    tag,
    summary: 'Invitations, and who was registered with them',
    description: 'Newest first, without their secrets.',
    access: reading,
    query: z.strictObject({ ...pageQuery, status: z.enum(statuses).optional() }),
    answers: listAnswers('InvitationPage', listedInvitationSchema, 'invitations'),
    handle: (call) => listAnswer(list, call),
  });
}

function createRoute({ ledger }: InvitationParts) {
  return defineRoute({
    method: 'POST',
    path: '/v1/admin/invitations',
    operationId: 'createInvitations',
    tag,
    summary: 'Make invitations to register',
    description:
      'Each is good for one user, until it expires or is taken back. The secrets are shown this once: where the answer is lost, revoke them and make others.',
    access: changing,
    body: createInvitationsSchema,
    answers: {
      201: { description: 'The invitations with their secrets.', schema: newInvitationsSchema },
    },
    refusals: ['ACCOUNT_FROZEN'],
    async handle(call) {
      const { note, count, expiresInDays } = call.body;
      const secrets = Array.from({ length: count }, () => makeToken('pay_inv_'));
      const input: CreateInvitations = {
        tokenHashes: secrets.map(({ hash }) => hash),
        note,
        expiresInDays,
      };
      const outcome = await decide(ledger, call, createInvitations, input);
      if (outcome.status !== 201) {
        return ledgerAnswer(outcome);
      }
      const made: Omit<NewInvitationsJson['data'][number], 'invitation'>[] = JSON.parse(outcome.json);
      const data = secrets.flatMap(({ token }, index) => {
        const one = made[index];
        return one === undefined ? [] : [{ ...one, invitation: token }];
      });
      const headers = { Location: '/v1/admin/invitations' };
      return { status: 201, body: { data } satisfies NewInvitationsJson, headers };
    },
  });
}

function revokeRoute({ ledger }: InvitationParts) {
  return defineRoute({
    method: 'DELETE',
    path: '/v1/admin/invitations/{id}',
    operationId: 'revokeInvitation',
    tag,
    summary: 'Take an invitation back',
    access: changing,
    params: z.strictObject({ id: idSchema('invitation') }),
    answers: { 204: { description: 'Nobody can be registered with it any more.' } },
    refusals: ['NOT_FOUND', 'ACCOUNT_FROZEN'],
    async handle(call) {
      const invitationId = rowNumber('inv', call.params.id);
      if (invitationId === undefined) {
        throw noSuchInvitation();
      }
      return ledgerAnswer(await decide(ledger, call, revokeInvitation, { invitationId }));
    },
  });
}
