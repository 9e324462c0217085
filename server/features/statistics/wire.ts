import * as z from 'zod';
import { momentSchema } from '../../money/fields.js';
import { moneySchema } from '../../money/wire.js';
import { mostGroups } from '../summaries/span.js';

/** How many of the largest payments are given. */
export const mostLargest = 10;

/** The most waiting requests that are counted. */
export const mostWaiting = 10_000;

const count = () => z.int().min(0);

export const statisticsSchema = z
  .strictObject({
    currency: z.string(),
    since: momentSchema,
    until: momentSchema,
    members: z.strictObject({
      total: count(),
      active: count().meta({ description: 'Who paid or was paid by somebody in this time.' }),
      frozen: count(),
      administrators: count(),
    }),
    currencies: z
      .array(
        z.strictObject({
          issued: moneySchema.meta({ description: 'What is in circulation.' }),
          held: moneySchema.meta({ description: 'What all users hold together.' }),
        }),
      )
      .meta({ description: 'Now, of each currency in which anything was issued or is held.' }),
    days: z
      .array(
        z.strictObject({
          day: z.string(),
          volume: moneySchema.meta({ description: 'What users sent.' }),
          count: count().meta({ description: 'Payments in which anybody had this currency.' }),
        }),
      )
      .max(mostGroups)
      .meta({ description: 'Newest first, in `currency`.' }),
    largest: z
      .array(
        z.strictObject({
          id: z.string(),
          from: z.string(),
          to: z.string(),
          sent: moneySchema,
          createdAt: momentSchema,
        }),
      )
      .max(mostLargest)
      .meta({ description: 'The largest payments between users of this time that were sent in `currency`.' }),
    unanswered: count()
      .max(mostWaiting)
      .nullable()
      .meta({ description: 'Requests that wait for their answer; null where they are more than 10,000.' }),
    refused: z
      .strictObject({
        since: momentSchema.meta({ description: 'When this server began to count: its start.' }),
        limits: count().meta({ description: 'Calls that were beyond a limit of payments.' }),
        rates: count().meta({ description: 'Calls that came too often.' }),
        busy: count().meta({ description: 'Calls that met a server with too much to do.' }),
      })
      .meta({ description: 'What limits refused.' }),
  })
  .meta({ id: 'Statistics', description: 'How the whole is doing.' });

export type StatisticsJson = z.output<typeof statisticsSchema>;
