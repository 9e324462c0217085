import * as z from 'zod';
import { timeText } from '../../clock.js';
import { currencyOf } from '../../money/currency.js';
import { momentSchema } from '../../money/fields.js';
import { formatAmount } from '../../money/format.js';
import { type MoneyJson, moneySchema } from '../../money/wire.js';
import { mostGroups, type Span, type Steps } from './span.js';
import { isStepName } from './steps.js';
import type { Figures, Sums } from './sum-sides.js';
import { type Grouping, groupings } from './summary-query.js';

const figures = {
  in: moneySchema.meta({ description: 'What came in.' }),
  out: moneySchema.meta({ description: 'What went out.' }),
  net: moneySchema.meta({ description: 'What came in less what went out.' }),
  count: z.int().min(0).meta({ description: 'How many payments.' }),
};

const more = z
  .boolean()
  .meta({ description: `Whether there are more than the ${mostGroups} that are given.` });

export const summarySchema = z
  .strictObject({
    by: z.enum(groupings),
    tz: z.string().meta({ description: 'The time zone whose days these are.' }),
    since: momentSchema.meta({ description: 'From when on payments are summed, inclusive.' }),
    until: momentSchema.meta({ description: 'Until when, exclusive; not beyond now.' }),
    data: z
      .array(
        z.strictObject({
          key: z.string().nullable().meta({
            description:
              'Of a month 2026-10, of a week 2026-W44, of a day 2026-10-31; else the username, the kind or the memo, null where there is none.',
          }),
          since: momentSchema.nullable().meta({ description: 'When the step begins; null without steps.' }),
          until: momentSchema.nullable().meta({ description: 'When the step ends, exclusive.' }),
          ...figures,
        }),
      )
      .max(mostGroups)
      .meta({
        description: 'Steps newest first, those without a payment as well; else what moved most first.',
      }),
    totals: z
      .array(z.strictObject(figures))
      .meta({ description: 'All groups together, those that are not given included, in each currency.' }),
    more,
  })
  .meta({ id: 'Summary', description: 'Sums of payments, exact.' });

export type SummaryJson = z.output<typeof summarySchema>;

const at = momentSchema.meta({ description: 'The balance just before this moment.' });

export const balancesSchema = z
  .strictObject({
    data: z.array(z.strictObject({ at, balance: moneySchema })).max(mostGroups),
    more,
  })
  .meta({ id: 'Balances', description: 'Balances at the end of each step, newest first.' });

export type BalancesJson = z.output<typeof balancesSchema>;

export const allBalancesSchema = z
  .strictObject({
    data: z
      .array(
        z.strictObject({
          at,
          balance: moneySchema.meta({ description: 'What all users together held.' }),
          issued: moneySchema.meta({ description: 'What was in circulation.' }),
        }),
      )
      .max(mostGroups),
    more,
  })
  .meta({
    id: 'AllBalances',
    description: 'What was held and issued at the end of each step, newest first.',
  });

export type AllBalancesJson = z.output<typeof allBalancesSchema>;

export const money = (minor: number | bigint, code: string): MoneyJson => ({
  amount: formatAmount(minor, currencyOf(code)),
  currency: code,
});

function figuresJson({ incoming, outgoing, count, currency }: Figures) {
  return {
    in: money(incoming, currency),
    out: money(outgoing, currency),
    net: money(incoming - outgoing, currency),
    count,
  };
}

/** One group for each step and currency, those of steps without a payment in the currencies that have any. */
function stepGroups({ groups, totals }: Sums, { steps }: Steps): SummaryJson['data'] {
  const found = new Map(groups.map((group) => [`${group.key} ${group.currency}`, group]));
  return steps.flatMap(({ name, sinceMicros, untilMicros }, place) =>
    totals.map(({ currency }) => ({
      key: name,
      since: timeText(sinceMicros),
      until: timeText(untilMicros),
      ...figuresJson(found.get(`${place} ${currency}`) ?? { currency, incoming: 0n, outgoing: 0n, count: 0 }),
    })),
  );
}

interface Summed {
  readonly by: Grouping;
  readonly tz: string;
  /** The currency that is told of even where nothing moved. */
  readonly currency: string;
  readonly span: Span;
  readonly steps: Steps;
  readonly sums: Sums;
}

/** Sums as they are answered. */
export function summaryJson({ by, tz, currency, span, steps, sums }: Summed): SummaryJson {
  const nothing = { currency, incoming: 0n, outgoing: 0n, count: 0 };
  const totals = sums.totals.length === 0 ? [nothing] : sums.totals;
  const data = isStepName(by)
    ? stepGroups({ ...sums, totals }, steps)
    : sums.groups.map((group) => ({
        key: group.key === null ? null : String(group.key),
        ...{ since: null, until: null },
        ...figuresJson(group),
      }));
  return {
    by,
    tz,
    since: timeText(steps.steps.at(-1)?.sinceMicros ?? span.sinceMicros),
    until: timeText(span.untilMicros),
    data,
    totals: totals.map(figuresJson),
    more: steps.hasMore || sums.hasMore,
  };
}
