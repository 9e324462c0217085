import assert from 'node:assert/strict';
import type { Knex } from 'knex';
import type { Database } from '../../../db/connect.js';
import { dialectOf } from '../../../db/dialect.js';
import { mostGroups, type NumberedStep } from './span.js';

/** The figures of one currency, in minor units; sums of many amounts need not be safe integers. */
export interface Figures {
  readonly currency: string;
  readonly incoming: bigint;
  readonly outgoing: bigint;
  readonly count: number;
}

export interface Group extends Figures {
  /** The place of the step, or the text that the payments have in common; null where they have none. */
  readonly key: string | number | null;
}

export interface Sums {
  /** The groups, those that moved most first. */
  readonly groups: readonly Group[];
  /** The sums of all groups, those beyond the most that are given included; one for each currency. */
  readonly totals: readonly Figures[];
  readonly hasMore: boolean;
}

/** Amounts are summed in two parts, neither of which can leave the safe integers of a million of them. */
const half = 2 ** 22;

interface SumRow {
  readonly key?: string | number | null;
  readonly currency: string;
  readonly incoming_high: number;
  readonly incoming_low: number;
  readonly outgoing_high: number;
  readonly outgoing_low: number;
  readonly count: number;
}

function whole(high: number, low: number): bigint {
  assert(Number.isSafeInteger(high) && Number.isSafeInteger(low), 'each part of a sum is a safe integer');
  return BigInt(high) * BigInt(half) + BigInt(low);
}

const groupOf = (row: SumRow): Group => ({
  key: row.key ?? null,
  currency: row.currency,
  incoming: whole(row.incoming_high, row.incoming_low),
  outgoing: whole(row.outgoing_high, row.outgoing_low),
  count: row.count,
});

/** The steps as a table, for a query to begin with: what lies in each of them is found by its numbers. */
const stepsTable = (readers: Database, steps: readonly NumberedStep[]) =>
  readers.raw(`select * from ${dialectOf(readers).pairs('?')}`, [
    JSON.stringify(steps.map(({ first, next }) => [first, next])),
  ]);

async function sumBy(
  readers: Database,
  steps: readonly NumberedStep[],
  sides: Knex.QueryBuilder,
  keys: readonly string[],
): Promise<readonly SumRow[]> {
  const parts = (['incoming', 'outgoing'] as const).flatMap((side) => [
    readers.raw(`sum(${side} / ${half}) as ${side}_high`),
    readers.raw(`sum(${side} % ${half}) as ${side}_low`),
  ]);
  return readers
    .with('steps', stepsTable(readers, steps))
    .from(sides.as('sides'))
    .select(...keys, ...parts, readers.raw('count(*) as count'))
    .groupBy(...keys)
    .orderByRaw(
      `sum(incoming + 0.0) + sum(outgoing + 0.0) desc, ${keys.map((key) => `${key} nulls first`).join(', ')}`,
    )
    .limit(mostGroups + 1);
}

/** Groups added up by their currencies. */
function addUp(groups: readonly Figures[]): readonly Figures[] {
  const totals = new Map<string, Figures>();
  for (const { currency, incoming, outgoing, count } of groups) {
    const sum = totals.get(currency) ?? { currency, incoming: 0n, outgoing: 0n, count: 0 };
    totals.set(currency, {
      currency,
      incoming: sum.incoming + incoming,
      outgoing: sum.outgoing + outgoing,
      count: sum.count + count,
    });
  }
  return [...totals.values()];
}

/**
 * Sums the rows of `sides` (key, currency, incoming and outgoing, in minor units) by key and currency. The parts of a sum
 * are exact for as many rows as `mostSummed`.
 */
export async function sumSides(
  readers: Database,
  steps: readonly NumberedStep[],
  sides: Knex.QueryBuilder,
): Promise<Sums> {
  const rows = await sumBy(readers, steps, sides.clone(), ['key', 'currency']);
  const groups = rows.slice(0, mostGroups).map(groupOf);
  const hasMore = rows.length > mostGroups;
  const totals = hasMore ? (await sumBy(readers, steps, sides, ['currency'])).map(groupOf) : addUp(groups);
  return { groups, totals, hasMore };
}
