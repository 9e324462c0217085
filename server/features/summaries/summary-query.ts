import * as z from 'zod';
import { microsOf } from '../../clock.js';
import { boundedQuery } from '../../http/contract/bounded-query.js';
import { currencyCodeSchema, instantSchema } from '../../money/fields.js';
import { filterQuery } from '../payments/history-query.js';
import { stepNames, timeZoneSchema } from './steps.js';

export const groupings = [...stepNames, 'counterparty', 'kind', 'memo'] as const;
export type Grouping = (typeof groupings)[number];

const by = (meaning: string) =>
  z
    .enum(groupings)
    .default('month')
    .meta({ description: `What makes a group. ${meaning}` });

/** The query of one user's sums: by what, and of which payments: the filters are those of the history. */
export const summaryQuerySchema = boundedQuery({
  by: by('The counterparty is the other side.'),
  tz: timeZoneSchema,
  ...filterQuery,
});

export type SummaryQuery = z.output<typeof summaryQuerySchema>;

const { direction: _direction, with: _with, ...filtersOfAll } = filterQuery;

/** The query of everybody's sums, where the counterparty is each of the two. */
export const allSummaryQuerySchema = boundedQuery({
  by: by('The counterparty is each of the two sides, as what it received and what it sent.'),
  tz: timeZoneSchema,
  ...filtersOfAll,
  currency: currencyCodeSchema.optional().meta({ description: 'Only what moved in this currency.' }),
  minAmount: filtersOfAll.minAmount.meta({ description: 'Inclusive, in `currency`.' }),
  maxAmount: filtersOfAll.maxAmount.meta({ description: 'Inclusive, in `currency`.' }),
}).refine(
  ({ minAmount, maxAmount, currency }) =>
    (minAmount === undefined && maxAmount === undefined) || currency !== undefined,
  { error: 'must be given where an amount is', path: ['currency'] },
);

export type AllSummaryQuery = z.output<typeof allSummaryQuerySchema>;

const balancesQuery = {
  at: instantSchema.optional().meta({ description: 'The balance just before this moment, and no other.' }),
  since: instantSchema.optional().meta({ description: 'Inclusive; by default when it all began.' }),
  until: instantSchema.optional().meta({ description: 'Exclusive; by default now.' }),
  step: z.enum(stepNames).optional().meta({ description: 'How often; by default each day.' }),
  tz: timeZoneSchema,
};

/** A moment alone, or a span of time. */
const isOneOrMany = {
  check: ({ at, since, until, step }: { [Key in 'at' | 'since' | 'until' | 'step']?: string | undefined }) =>
    at === undefined || (since === undefined && until === undefined && step === undefined),
  error: { error: 'stands alone: leave out since, until and step', path: ['at'] },
};

export const balancesQuerySchema = boundedQuery(balancesQuery).refine(isOneOrMany.check, isOneOrMany.error);

export const allBalancesQuerySchema = boundedQuery({
  currency: currencyCodeSchema.optional().meta({ description: 'By default your own.' }),
  ...balancesQuery,
}).refine(isOneOrMany.check, isOneOrMany.error);

export type BalancesQuery = z.output<typeof balancesQuerySchema>;

/** The moment in microseconds, as far as anything happened. */
export const momentOf = (at: string, nowMicros: number) => Math.max(0, Math.min(microsOf(at), nowMicros));
