import type { Database } from '../../../db/connect.js';
import { paymentKinds } from '../payments/wire.js';

/**
 * An account's entries of each kind stand together, in order: the newest before a payment is that of one of the kinds. The
 * cross join begins with those, so that each is found at once.
 */
const statement = `
  select coalesce((
    select e.balance_after from json_each(:kinds) as k cross join entries as e
    where e.account_id = :accountId and e.kind = k.value and e.payment_id = (
      select max(n.payment_id) from entries as n
      where n.account_id = :accountId and n.kind = k.value and n.payment_id < m.value)
    order by e.payment_id desc limit 1
  ), 0) as balance
  from json_each(:payments) as m order by m.key`;

/**
 * What an account held, in minor units, before each of these payments, in their order: the balance after its last entry
 * before that, so that it makes no difference how many there are; zero before the first.
 */
export async function readBalances(
  readers: Database,
  accountId: number,
  payments: readonly number[],
): Promise<readonly number[]> {
  const kinds = JSON.stringify(paymentKinds);
  const rows: { balance: number }[] = await readers.raw(statement, {
    accountId,
    kinds,
    payments: JSON.stringify(payments),
  });
  return rows.map(({ balance }) => balance);
}
