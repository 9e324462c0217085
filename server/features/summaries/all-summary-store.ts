import type { Knex } from 'knex';
import type { Database } from '../../../db/connect.js';
import { countRows } from '../../../db/count-rows.js';
import { dialectOf } from '../../../db/dialect.js';
import { narrowPayments, type PaymentFilters } from '../payments/payment-store.js';
import { refuseBeyondMost } from './most-summed.js';
import type { NumberedStep } from './span.js';
import { type Sums, sumSides } from './sum-sides.js';
import type { Grouping } from './summary-query.js';

/** The filters of everybody's payments: amounts in minor units of the currency, inclusive. */
export interface AllSumsFilters extends Pick<PaymentFilters, 'kind' | 'currency' | 'memoHolds'> {
  readonly minMinor?: number | undefined;
  readonly maxMinor?: number | undefined;
}

/** A side of the payments `p`: what moved in one currency, for whom. */
interface Side {
  readonly currency: string;
  /** Who has it more, and who less, as expressions over a payment; what is null has no user there. */
  readonly incoming: string;
  readonly outgoing: string;
  /** The user whose side it is. */
  readonly user: string;
  readonly only: string;
}

const received = 'case when p.to_user_id is null then 0 else p.received_amount end';
const sent = 'case when p.from_user_id is null then 0 else p.sent_amount end';

/** By users, both sides of a payment; else each payment once in each of its currencies. */
const sidesBy: Readonly<Record<'user' | 'payment', readonly Side[]>> = {
  user: [
    {
      ...{ currency: 'p.sent_currency', incoming: '0', outgoing: 'p.sent_amount' },
      ...{ user: 'p.from_user_id', only: 'p.from_user_id is not null' },
    },
    {
      ...{ currency: 'p.received_currency', incoming: 'p.received_amount', outgoing: '0' },
      ...{ user: 'p.to_user_id', only: 'p.to_user_id is not null' },
    },
  ],
  payment: [
    {
      ...{ currency: 'p.sent_currency', outgoing: sent },
      incoming: `case when p.rates_id is null then ${received} else 0 end`,
      ...{ user: 'null', only: 'true' },
    },
    {
      ...{ currency: 'p.received_currency', incoming: received, outgoing: '0' },
      ...{ user: 'null', only: 'p.rates_id is not null' },
    },
  ],
};

function keyOf(by: Grouping, { user }: Side): string {
  const keys = {
    counterparty: `(select u.username from users as u where u.id = ${user})`,
    kind: 'p.kind',
    memo: 'p.memo',
    ...{ day: 's.place', week: 's.place', month: 's.place' },
  } as const;
  return keys[by];
}

function sideQuery(
  readers: Database,
  side: Side,
  by: Grouping,
  { currency, minMinor, maxMinor, ...filters }: AllSumsFilters,
): Knex.QueryBuilder {
  const query = readers('steps as s')
    .crossJoin(readers.raw('payments as p'))
    .whereRaw(`p.id >= s.first and p.id < s.next and ${side.only}`)
    .select(
      readers.raw(
        `${keyOf(by, side)} as key, ${side.currency} as currency, ${side.incoming} as incoming, ${side.outgoing} as outgoing`,
      ),
    );
  narrowPayments(query, filters);
  if (currency !== undefined) {
    query.whereRaw(`${side.currency} = ?`, [currency]);
  }
  // The larger of the two sides counts: within one currency what is sent is what is received; in any other case a side has
  // an amount of its own.
  const amount = dialectOf(readers).greater(side.incoming, side.outgoing);
  if (minMinor !== undefined) {
    query.whereRaw(`${amount} >= ?`, [minMinor]);
  }
  if (maxMinor !== undefined) {
    query.whereRaw(`${amount} <= ?`, [maxMinor]);
  }
  return query;
}

/** Sums everybody's payments in these steps, in each currency. Throws VALIDATION_FAILED where there are too many of them. */
export async function sumAll(
  readers: Database,
  {
    by,
    filters,
    steps,
  }: {
    readonly by: Grouping;
    readonly filters: AllSumsFilters;
    readonly steps: readonly NumberedStep[];
  },
): Promise<Sums> {
  // Numbers of payments have no gaps.
  await refuseBeyondMost(steps, ({ first, next }) => next - first);
  const [one, other] = sidesBy[by === 'counterparty' ? 'user' : 'payment'].map((side) =>
    sideQuery(readers, side, by, filters),
  );
  return sumSides(readers, steps, (one as Knex.QueryBuilder).unionAll([other as Knex.QueryBuilder]));
}

/** When the first payment of all was made, in microseconds; undefined where there is none. */
export async function findFirstPayment(readers: Database): Promise<number | undefined> {
  const first = await readers('payments').where({ id: 1 }).first<{ created_at: number }>('created_at');
  return first?.created_at;
}

/** How many currencies anything was moved in, or may have been. */
export function countCurrencies(readers: Database): Promise<number> {
  // Not count(distinct currency): the schema of PostgreSQL has a type of that name, and that is a cast there.
  return countRows(readers, readers('accounts').whereNull('user_id').groupBy('currency'));
}
