import * as z from 'zod';
import type { RequestRow } from '../../../db/tables/requests.js';
import { timeText } from '../../clock.js';
import { publicId } from '../../ids.js';
import {
  amountTextSchema,
  currencyCodeSchema,
  instantSchema,
  memoSchema,
  momentSchema,
} from '../../money/fields.js';
import { moneyJson } from '../../money/format.js';
import { shownText } from '../../money/plain-text.js';
import { moneySchema } from '../../money/wire.js';
import { usernameSchema } from '../accounts/wire.js';
import { confirmDuplicateSchema, dryRunSchema, paymentSchema } from '../payments/wire.js';

export const createRequestSchema = z
  .strictObject({
    from: usernameSchema.meta({ description: 'The username of the one who is to pay.' }),
    amount: amountTextSchema,
    currency: currencyCodeSchema
      .optional()
      .meta({ description: "The requester's (default) or the payer's." }),
    memo: memoSchema.nullable().optional(),
    expiresAt: instantSchema.optional().meta({ description: 'Up to a year ahead; by default in 30 days.' }),
    confirmDuplicateOf: confirmDuplicateSchema.optional(),
    dryRun: dryRunSchema,
  })
  .meta({ id: 'CreateRequest' });

export const acceptRequestSchema = z
  .strictObject({
    maxDebit: amountTextSchema.optional().meta({
      description: "The most that the payer is willing to lose, in the payer's currency.",
    }),
    memo: memoSchema.nullable().optional().meta({ description: "By default the request's." }),
    dryRun: dryRunSchema,
  })
  .meta({ id: 'AcceptRequest' });

export const declineRequestSchema = z
  .strictObject({ reason: shownText(500).nullable().optional() })
  .meta({ id: 'DeclineRequest' });

export const requestStatuses = ['pending', 'paid', 'declined', 'cancelled', 'expired'] as const;

export const requestSchema = z
  .strictObject({
    id: z.string(),
    status: z.enum(requestStatuses),
    requester: z.string(),
    payer: z.string(),
    amount: moneySchema,
    memo: z.string().nullable(),
    collectionId: z
      .string()
      .nullable()
      .meta({ description: 'The collection of the requester that it belongs to.' }),
    reason: z.string().nullable().meta({ description: 'Why it was declined.' }),
    paymentId: z.string().nullable(),
    createdAt: momentSchema,
    expiresAt: momentSchema,
    closedAt: momentSchema.nullable(),
  })
  .meta({ id: 'Request', description: 'Money that somebody asks somebody for.' });

/** The answer to a dry run: there is no request that an id could be of. */
export const rehearsedRequestSchema = requestSchema
  .extend({ id: z.null() })
  .meta({ id: 'RehearsedRequest', description: 'A request as it would be.' });

export type RequestJson = z.output<typeof requestSchema>;

export const acceptedRequestSchema = z
  .strictObject({ request: requestSchema, payment: paymentSchema })
  .meta({ id: 'AcceptedRequest' });

/** A request with the usernames of its two sides. */
export interface RequestView {
  readonly request: RequestRow;
  readonly requester: string;
  readonly payer: string;
}

export function requestJson({ request, requester, payer }: RequestView): RequestJson {
  return {
    id: publicId('req', request.id),
    status: request.status,
    requester,
    payer,
    amount: moneyJson({ minor: request.amount, currency: request.currency }),
    memo: request.memo,
    collectionId: request.collection_id === null ? null : publicId('col', request.collection_id),
    reason: request.reason,
    paymentId: request.payment_id === null ? null : publicId('pay', request.payment_id),
    createdAt: timeText(request.created_at),
    expiresAt: timeText(request.expires_at),
    closedAt: request.closed_at === null ? null : timeText(request.closed_at),
  };
}
