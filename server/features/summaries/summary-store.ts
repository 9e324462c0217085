import type { Knex } from 'knex';
import type { Database } from '../../../db/connect.js';
import { dialectOf } from '../../../db/dialect.js';
import { entryKinds } from '../../../db/tables/payments.js';
import type { AccountRow } from '../../../db/tables/users.js';
import { filteredEntries, type HistoryFilters } from '../payments/payment-store.js';
import { refuseBeyondMost } from './most-summed.js';
import type { NumberedStep } from './span.js';
import { type Sums, sumSides } from './sum-sides.js';
import type { Grouping } from './summary-query.js';

/** The key of a group, which its payments have in common; of days, weeks and months it is the step that they lie in. */
function keyOf(readers: Database, by: Grouping, account: AccountRow): Knex.Raw {
  if (by === 'counterparty') {
    const other = 'case when p.from_user_id = ? then p.to_user_id else p.from_user_id end';
    return readers.raw(`(select u.username from users as u where u.id = ${other}) as key`, [account.user_id]);
  }
  const keys = { kind: 'p.kind', memo: 'p.memo', day: 's.place', week: 's.place', month: 's.place' } as const;
  return readers.raw(`${keys[by]} as key`);
}

/** How many entries an account has from one payment to before another, counted to just beyond the limit. */
async function countEntries(
  readers: Database,
  account: AccountRow,
  { first, next }: { readonly first: number; readonly next: number },
  limit: number,
): Promise<number> {
  const some = readers('entries')
    .where({ account_id: account.id })
    .whereIn('kind', [...entryKinds])
    .where('payment_id', '>=', first)
    .where('payment_id', '<', next)
    .limit(limit + 1)
    .select('payment_id');
  const [row]: { count: number }[] = await readers.from(some.as('some')).count({ count: '*' });
  return row?.count ?? 0;
}

/** Sums an account's payments in these steps. Throws VALIDATION_FAILED where there are too many of them. */
export async function sumAccount(
  readers: Database,
  account: AccountRow,
  {
    by,
    filters,
    steps,
  }: {
    readonly by: Grouping;
    readonly filters: Omit<HistoryFilters, 'sinceMicros' | 'untilMicros'>;
    readonly steps: readonly NumberedStep[];
  },
): Promise<Sums> {
  await refuseBeyondMost(steps, (numbers, most) => countEntries(readers, account, numbers, most));
  const { greater } = dialectOf(readers);
  const begin = (table: string) => readers('steps as s').crossJoin(readers.raw(table));
  const [first, ...rest] = (await filteredEntries(readers, begin, account, filters)).map((entries) =>
    entries
      .clearOrder()
      .whereRaw('e.payment_id >= s.first and e.payment_id < s.next and p.id >= s.first and p.id < s.next')
      .select(
        keyOf(readers, by, account),
        readers.raw('? as currency', [account.currency]),
        readers.raw(`${greater('e.amount', '0')} as incoming`),
        readers.raw(`${greater('-e.amount', '0')} as outgoing`),
      ),
  );
  return first === undefined
    ? { groups: [], totals: [], hasMore: false }
    : sumSides(readers, steps, rest.length === 0 ? first : first.unionAll(rest));
}
