import * as z from 'zod';
import { microsOf } from '../../clock.js';
import { ledgerAnswer } from '../../http/answer/ledger-answer.js';
import { listAnswer } from '../../http/answer/list-answer.js';
import { listAnswers, pageQuery } from '../../http/contract/page.js';
import { defineRoute } from '../../http/contract/route.js';
import { rowNumber } from '../../ids.js';
import { decide } from '../../ledger/decide.js';
import { idSchema } from '../../money/fields.js';
import { nameKey } from '../accounts/user-store.js';
import { amountIn } from '../conversion/amount-field.js';
import { listRequestsOfCollection } from '../requests/request-store.js';
import { requestJson } from '../requests/wire.js';
import { closeCollection } from './close-collection.js';
import { collectionList } from './collection-list.js';
import type { CollectionParts } from './collection-parts.js';
import { findCollection } from './collection-store.js';
import { type CreateCollection, createCollection } from './create-collection.js';
import { collectionNotFound } from './find-collection.js';
import { remindCollection } from './remind-collection.js';
import {
  closedCollectionSchema,
  collectionJson,
  collectionSchema,
  collectionStatuses,
  createCollectionSchema,
  createdCollectionSchema,
  mostOpen,
  mostPeople,
  rehearsedCollectionSchema,
  remindedCollectionSchema,
  shownCollectionSchema,
} from './wire.js';

export function collectionRoutes(parts: CollectionParts) {
  return [createRoute(parts), listRoute(parts), showRoute(parts), remindRoute(parts), closeRoute(parts)];
}

const tag = 'Collections';
const params = z.strictObject({ id: idSchema('collection') });

/** The number of the collection that the path names. Throws NOT_FOUND for an id that is none. */
function numberIn({ id }: { readonly id: string }): number {
  const number = rowNumber('col', id);
  if (number === undefined) {
    throw collectionNotFound();
  }
  return number;
}

function createRoute({ ledger, checkFunds }: CollectionParts) {
  return defineRoute({
    method: 'POST',
    path: '/v1/collections',
    operationId: 'createCollection',
    tag,
    summary: 'Ask many for money under one name',
    description: `One request for each of up to ${mostPeople} people, each judged like a request alone: one who cannot be asked keeps no other from being asked, and where nobody can be, it is a refusal with the \`results\`. While a collection of this name (in either letter case) is open, whoever belongs to it already is not asked again, whatever the amount, and others are added to it; it keeps its currency and its expiry. POSSIBLE_DUPLICATE is never asked here. At most ${mostOpen} of one user are open at once. With \`dryRun\` the same code judges it, but for what the payers hold, and writes nothing.`,
    access: { who: 'user', scope: 'request' },
    body: createCollectionSchema,
    underKey: true,
    itemsOf: (body) => body.from.length,
    answers: {
      200: { description: 'What would be: the answer to a dry run.', schema: rehearsedCollectionSchema },
      201: { description: 'The collection, and who was asked now.', schema: createdCollectionSchema },
    },
    refusals: [
      'INVALID_AMOUNT',
      'UNKNOWN_CURRENCY',
      'USER_NOT_FOUND',
      'SELF_REQUEST',
      'ACCOUNT_FROZEN',
      'RECIPIENT_UNAVAILABLE',
      'INSUFFICIENT_FUNDS',
      'NOT_CONVERTIBLE',
      'LIMIT_EXCEEDED',
    ],
    async handle(call) {
      const { viewer, body } = call;
      const input: CreateCollection = {
        ownerId: viewer.userId,
        name: body.name,
        amount: amountIn(body, viewer),
        from: body.from.map(nameKey),
        expiresAt: body.expiresAt === undefined ? null : microsOf(body.expiresAt),
      };
      return ledgerAnswer(await decide(ledger, call, createCollection, input, { checkFunds }));
    },
  });
}

function listRoute(parts: CollectionParts) {
  return defineRoute({
    method: 'GET',
    path: '/v1/collections',
    operationId: 'listCollections',
    tag,
    summary: 'Your collections, and what has come in',
    description: 'Newest first, closed ones included.',
    access: { who: 'user', scope: 'read' },
    query: z.strictObject({ ...pageQuery, status: z.enum(collectionStatuses).optional() }),
    answers: listAnswers('CollectionPage', collectionSchema, 'collections'),
    handle: (call) => listAnswer(collectionList(parts, call.viewer.userId), call),
  });
}

function showRoute({ readers, machineMicros }: CollectionParts) {
  return defineRoute({
    method: 'GET',
    path: '/v1/collections/{id}',
    operationId: 'showCollection',
    tag,
    summary: 'One collection of yours, with its requests',
    access: { who: 'user', scope: 'read' },
    params,
    answers: { 200: { description: 'The collection.', schema: shownCollectionSchema } },
    refusals: ['NOT_FOUND'],
    async handle({ viewer, params: path }) {
      const collectionId = numberIn(path);
      const view = await findCollection(readers, viewer.userId, collectionId);
      if (!view) {
        throw collectionNotFound();
      }
      const requests = await listRequestsOfCollection(readers, collectionId);
      const body = { ...collectionJson(view, machineMicros()), requests: requests.map(requestJson) };
      return { status: 200, body };
    },
  });
}

function remindRoute({ ledger }: CollectionParts) {
  return defineRoute({
    method: 'POST',
    path: '/v1/collections/{id}/remind',
    operationId: 'remindCollection',
    tag,
    summary: 'Bring a collection to the mind of those who have not answered',
    description:
      'At most once a day. Whoever was reminded within the last hour, or does not deal with you now, is left alone.',
    access: { who: 'user', scope: 'request' },
    params,
    answers: {
      200: { description: 'The collection, and who was reminded.', schema: remindedCollectionSchema },
    },
    refusals: ['NOT_FOUND', 'ACCOUNT_FROZEN', 'CLOCK_UNAVAILABLE'],
    async handle(call) {
      const input = { userId: call.viewer.userId, collectionId: numberIn(call.params) };
      return ledgerAnswer(await decide(ledger, call, remindCollection, input));
    },
  });
}

function closeRoute({ ledger }: CollectionParts) {
  return defineRoute({
    method: 'POST',
    path: '/v1/collections/{id}/close',
    operationId: 'closeCollection',
    tag,
    summary: 'End a collection: requests that nobody has answered are cancelled',
    description: 'One that is closed stays as it is, however often it is closed.',
    access: { who: 'user', scope: 'request' },
    params,
    answers: {
      200: { description: 'The collection, and who need not pay any more.', schema: closedCollectionSchema },
    },
    refusals: ['NOT_FOUND', 'CLOCK_UNAVAILABLE'],
    async handle(call) {
      const input = { userId: call.viewer.userId, collectionId: numberIn(call.params) };
      return ledgerAnswer(await decide(ledger, call, closeCollection, input));
    },
  });
}
