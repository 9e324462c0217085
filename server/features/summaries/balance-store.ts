import type { Database } from '../../../db/connect.js';
import { type Dialect, dialectOf } from '../../../db/dialect.js';
import { entryKinds } from '../../../db/tables/payments.js';

const kinds = entryKinds.map((kind) => `select '${kind}' as kind`).join(' union all ');

/**
 * An account's entries of each kind stand together, in order: the newest before a payment is that of one of the kinds. The
 * cross join begins with those, so that each is found at once.
 */
const statement = ({ pairs, joinEach }: Dialect) => `
  select coalesce((
    select e.balance_after from (${kinds}) as k ${joinEach} entries as e
    on e.account_id = :accountId and e.kind = k.kind and e.payment_id = (
      select max(n.payment_id) from entries as n
      where n.account_id = :accountId and n.kind = k.kind and n.payment_id < m.next)
    order by e.payment_id desc limit 1
  ), 0) as balance
  from ${pairs(':payments')} order by m.place`;

/**
 * The balances of an account before each of these payments, in minor units, in their order: the balance after its last entry
 * before that, so that it makes no difference how many there are; zero before the first.
 */
export async function readBalances(
  readers: Database,
  accountId: number,
  payments: readonly number[],
): Promise<readonly number[]> {
  const rows: { balance: number }[] = await readers.raw(statement(dialectOf(readers)), {
    accountId,
    payments: JSON.stringify(payments.map((payment) => [1, payment])),
  });
  return rows.map(({ balance }) => balance);
}
