import type * as z from 'zod';
import type { AccountRow } from '../../../db/tables/users.js';
import { timeText } from '../../clock.js';
import type { ListTurns } from '../../http/answer/list-turns.js';
import { boundedQuery } from '../../http/contract/bounded-query.js';
import { defineRoute } from '../../http/contract/route.js';
import { publicId } from '../../ids.js';
import { currencyCodeSchema, instantSchema } from '../../money/fields.js';
import { findFirstPayment } from '../summaries/all-summary-store.js';
import { refuseBeyondMost } from '../summaries/most-summed.js';
import { readNow, readWhole, spanOf } from '../summaries/span.js';
import { timeZoneSchema } from '../summaries/steps.js';
import { type SummaryParts, summariseAll } from '../summaries/summarise.js';
import { money } from '../summaries/wire.js';
import type { RefusalCounter } from './count-refusals.js';
import {
  countActive,
  countUsers,
  countWaiting,
  listLargest,
  type Numbers,
  readSystemAccounts,
} from './statistics-store.js';
import { mostWaiting, type StatisticsJson, statisticsSchema } from './wire.js';

export interface StatisticsParts extends SummaryParts {
  readonly lists: ListTurns;
  readonly refusals: Pick<RefusalCounter, 'counts'>;
}

const query = boundedQuery({
  since: instantSchema.optional().meta({ description: 'Inclusive; by default when it all began.' }),
  until: instantSchema.optional().meta({ description: 'Exclusive; by default now.' }),
  tz: timeZoneSchema,
  currency: currencyCodeSchema.optional().meta({ description: 'By default your own.' }),
});

type Query = z.output<typeof query>;

/** In every currency all accounts sum to zero, so that what users hold is read off the two of the system. */
function currenciesOf(accounts: readonly AccountRow[]): StatisticsJson['currencies'] {
  const codes = [...new Set(accounts.map(({ currency }) => currency))];
  return codes.flatMap((code) => {
    const balance = (kind: AccountRow['kind']) =>
      BigInt(accounts.find((one) => one.kind === kind && one.currency === code)?.balance ?? 0);
    const issued = -balance('issuance');
    const held = issued - balance('exchange');
    return issued === 0n && held === 0n ? [] : [{ issued: money(issued, code), held: money(held, code) }];
  });
}

async function membersIn({ readers }: SummaryParts, numbers: Numbers): Promise<StatisticsJson['members']> {
  const [total, active, frozen, administrators] = await Promise.all([
    countUsers(readers),
    countActive(readers, numbers),
    countUsers(readers, { status: 'frozen' }),
    countUsers(readers, { role: 'admin' }),
  ]);
  return { total, active, frozen, administrators };
}

async function largestIn(
  { readers }: SummaryParts,
  numbers: Numbers,
  currency: string,
): Promise<StatisticsJson['largest']> {
  const found = await listLargest(readers, numbers, currency);
  return found.map(({ id, sent_amount, sent_currency, created_at, sender, receiver }) => ({
    id: publicId('pay', id),
    ...{ from: sender, to: receiver, sent: money(sent_amount, sent_currency) },
    createdAt: timeText(created_at),
  }));
}

/** All statistics. Throws VALIDATION_FAILED for too many payments. */
async function statisticsOf(parts: StatisticsParts, asked: Query, currency: string): Promise<StatisticsJson> {
  const { readers, machineMicros, refusals } = parts;
  const { since, until, tz } = asked;
  const now = await readNow(readers, machineMicros);
  const span = spanOf({ since, until }, (await findFirstPayment(readers)) ?? now, now);
  const { steps } = await readWhole(readers, span);
  await refuseBeyondMost(steps, ({ first, next }) => next - first);
  const numbers = { first: steps[0]?.first ?? 0, next: steps[0]?.next ?? 0 };
  const days = await summariseAll(parts, { since, until, tz, currency, by: 'day' }, currency);
  const waiting = await countWaiting(readers);
  const { sinceMicros, ...counts } = refusals.counts();
  return {
    currency,
    since: timeText(span.sinceMicros),
    until: timeText(span.untilMicros),
    members: await membersIn(parts, numbers),
    currencies: currenciesOf(await readSystemAccounts(readers)),
    days: days.data.map(({ key, out, count }) => ({ day: key ?? '', volume: out, count })),
    largest: await largestIn(parts, numbers, currency),
    unanswered: waiting > mostWaiting ? null : waiting,
    refused: { since: timeText(sinceMicros), ...counts },
  };
}

export function statisticsRoutes(parts: StatisticsParts) {
  return [
    defineRoute({
      method: 'GET',
      path: '/v1/admin/stats',
      operationId: 'showStatistics',
      tag: 'Summaries',
      summary: 'How the whole is doing',
      description:
        'Members and who of them is active, what is issued and held, the volume of each day and the largest payments in one currency, requests that wait, and what limits refused. From bounded queries, read in your turn as lists are.',
      access: { who: 'user', scope: 'admin' },
      query,
      answers: { 200: { description: 'The figures.', schema: statisticsSchema } },
      refusals: ['UNKNOWN_CURRENCY'],
      async handle({ viewer, address, query: asked }) {
        const body = await parts.lists.inTurn({ userId: viewer.userId, address }, () =>
          statisticsOf(parts, asked, asked.currency ?? viewer.currency),
        );
        return { status: 200, body };
      },
    }),
  ];
}
