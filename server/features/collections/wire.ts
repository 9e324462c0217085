import * as z from 'zod';
import type { CollectionRow, RequestStatus } from '../../../db/tables/requests.js';
import { timeText } from '../../clock.js';
import { type ErrorCode, errorCodes } from '../../errors.js';
import { publicId } from '../../ids.js';
import { amountTextSchema, currencyCodeSchema, instantSchema, momentSchema } from '../../money/fields.js';
import { moneyJson } from '../../money/format.js';
import { saidText } from '../../money/plain-text.js';
import { moneySchema } from '../../money/wire.js';
import { usernameSchema } from '../accounts/wire.js';
import { dryRunSchema } from '../payments/wire.js';
import { requestSchema } from '../requests/wire.js';

/** The most people that one collection may ask. */
export const mostPeople = 200;

/** The most collections of one user that may be open at once. */
export const mostOpen = 50;

/** The time after which the people of a collection may be reminded once more, in microseconds. */
export const reminderPauseMicros = 24 * 3600 * 1_000_000;

export const createCollectionSchema = z
  .strictObject({
    name: saidText(100, 'must say what is collected for').meta({
      description: 'What is collected for; the memo of its requests.',
      examples: ['trip'],
    }),
    amount: amountTextSchema.meta({ description: 'What each of them is asked for.' }),
    currency: currencyCodeSchema
      .optional()
      .meta({ description: "The owner's (default) or, of all who are asked, the payer's." }),
    from: z
      .array(usernameSchema)
      .min(1)
      .max(mostPeople)
      .meta({ description: 'The usernames of those who are to pay.' }),
    expiresAt: instantSchema
      .optional()
      .meta({ description: 'Up to a year ahead; by default in 30 days. One that is open keeps its own.' }),
    dryRun: dryRunSchema,
  })
  .meta({
    id: 'CreateCollection',
    examples: [{ name: 'trip', amount: '45.00', from: ['alice', 'bob', 'carol'] }],
  });

export const collectionStatuses = ['open', 'closed', 'expired'] as const;
export type CollectionStatus = (typeof collectionStatuses)[number];

const people = () => z.int().min(0).max(mostPeople);

const collectionShape = {
  id: z.string(),
  name: z.string(),
  status: z.enum(collectionStatuses),
  people: people().meta({ description: 'How many were asked.' }),
  counts: z
    .strictObject({
      paid: people(),
      pending: people(),
      declined: people(),
      cancelled: people(),
      expired: people(),
    })
    .meta({ description: 'How many of their requests stand so.' }),
  asked: moneySchema.meta({ description: 'What all of them were asked for.' }),
  collected: moneySchema.meta({ description: 'What those were asked for who have paid.' }),
  createdAt: momentSchema,
  expiresAt: momentSchema,
  closedAt: momentSchema.nullable(),
};

export const collectionSchema = z
  .strictObject(collectionShape)
  .meta({ id: 'Collection', description: 'What somebody collects from many, under one name.' });

export const shownCollectionSchema = z
  .strictObject({
    ...collectionShape,
    requests: z.array(requestSchema).meta({ description: 'One for each person, newest first.' }),
  })
  .meta({ id: 'ShownCollection' });

const from = z.string().meta({ description: 'As it was asked for, in lower case.' });

const askedSchema = z.union([
  z.strictObject({
    from,
    outcome: z.enum(['asked', 'asked-before']),
    requestId: z.string().nullable().meta({ description: 'Null in a dry run of what is not there yet.' }),
  }),
  z.strictObject({
    from,
    outcome: z.literal('refused'),
    code: z.enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]),
    detail: z.string(),
  }),
]);

export const createdCollectionSchema = z
  .strictObject({
    ...collectionShape,
    results: z.array(askedSchema).meta({ description: 'One for each of `from`, in order.' }),
  })
  .meta({ id: 'CreatedCollection' });

export const rehearsedCollectionSchema = createdCollectionSchema
  .extend({ id: z.string().nullable() })
  .meta({ id: 'RehearsedCollection', description: 'A collection as it would be.' });

export const remindedCollectionSchema = z
  .strictObject({
    ...collectionShape,
    reminded: z.array(z.string()).meta({ description: 'The usernames of those who were reminded now.' }),
  })
  .meta({ id: 'RemindedCollection' });

export const closedCollectionSchema = z
  .strictObject({
    ...collectionShape,
    cancelled: z.array(z.string()).meta({ description: 'The usernames of those who need not pay any more.' }),
  })
  .meta({ id: 'ClosedCollection' });

export type CollectionJson = z.output<typeof collectionSchema>;
export type AskedJson = z.output<typeof askedSchema>;

/** The requests of a collection, added up: minor units of its currency, which stay safe integers. */
export interface Tally {
  readonly counts: Readonly<Record<RequestStatus, number>>;
  readonly asked: number;
  readonly collected: number;
}

export interface CollectionView {
  readonly collection: CollectionRow;
  readonly tally: Tally;
}

function statusOf({ closed_at, expires_at }: CollectionRow, now: number): CollectionStatus {
  if (expires_at <= (closed_at ?? now)) {
    return 'expired';
  }
  return closed_at === null ? 'open' : 'closed';
}

/** The collection as it stands at `now`, in microseconds. */
export function collectionJson({ collection, tally }: CollectionView, now: number): CollectionJson {
  const { id, name, currency, created_at, expires_at, closed_at } = collection;
  const { paid, pending, declined, cancelled, expired } = tally.counts;
  return {
    id: publicId('col', id),
    name,
    status: statusOf(collection, now),
    people: paid + pending + declined + cancelled + expired,
    counts: { paid, pending, declined, cancelled, expired },
    asked: moneyJson({ minor: tally.asked, currency }),
    collected: moneyJson({ minor: tally.collected, currency }),
    createdAt: timeText(created_at),
    expiresAt: timeText(expires_at),
    closedAt: closed_at === null ? null : timeText(closed_at),
  };
}
