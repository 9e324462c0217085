import { randomBytes, randomInt } from 'node:crypto';
import pg from 'pg';

const connections = 64;

interface Payer {
  readonly account: number;
  readonly user: number;
}

/** The statements of one payment, as whoever writes no ledger of batches would send them, one after the other. */
async function pay(client: pg.Client, from: Payer, to: Payer, id: number): Promise<void> {
  const amount = randomInt(1, 100);
  const at = Date.now() * 1_000;
  const hash = randomBytes(32);
  await client.query('begin');
  const { rows } = await client.query({
    name: 'lock',
    text: 'select id, balance from accounts where id = any($1) order by id for update',
    values: [[from.account, to.account]],
  });
  const balanceOf = ({ account }: Payer) => Number(rows.find((row) => Number(row.id) === account)?.balance);
  await client.query({
    name: 'payment',
    text: `insert into payments (id, chain, position, kind, from_user_id, to_user_id, sent_amount, sent_currency,
      received_amount, received_currency, rate, created_at, hash) values ($1::bigint, 9, $1::bigint, 'transfer', $2, $3, $4::bigint, 'GBP', $4::bigint, 'GBP', '1', $5, $6)`,
    values: [id, from.user, to.user, amount, at, hash],
  });
  await client.query({
    name: 'entries',
    text: `insert into entries (account_id, kind, payment_id, line, amount, balance_after) values
      ($1, 'transfer', $3::bigint, 1, -$4::bigint, $5), ($2, 'transfer', $3::bigint, 2, $4::bigint, $6)`,
    values: [from.account, to.account, id, amount, balanceOf(from) - amount, balanceOf(to) + amount],
  });
  await client.query({
    name: 'balances',
    text: 'update accounts set balance = balance + case id when $1::bigint then -$3::bigint else $3::bigint end where id in ($1::bigint, $2)',
    values: [from.account, to.account, amount],
  });
  await client.query({
    name: 'key',
    text: `insert into idempotency_keys (user_id, key, rule, input_hash, status, payment_id, created_at)
      values ($1, $2, 'send-payment', $3, 201, $4, $5)`,
    values: [from.user, `reference-${id}`, hash, id, at],
  });
  await client.query({
    name: 'event',
    text: `insert into events (user_id, id, type, at, payment_id) values ($1, $2::bigint, 'payment.received', $3, $2::bigint)`,
    values: [to.user, id, at],
  });
  await client.query('commit');
}

/**
 * What the same payments reach as one transaction each through the `pg` driver over 64 connections, in the same tables, so many
 * seconds long. Gives how many a second. The books in this database are none afterwards.
 */
export async function oneTransactionEach(url: string, seconds: number): Promise<number> {
  const clients = await Promise.all(
    Array.from({ length: connections }, async () => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      return client;
    }),
  );
  try {
    const [first] = clients as [pg.Client];
    const { rows } = await first.query('select id, user_id from accounts where id > 0 and currency = $1', [
      'GBP',
    ]);
    const payers: readonly Payer[] = rows.map(({ id, user_id }) => ({
      account: Number(id),
      user: Number(user_id),
    }));
    const newest = await first.query(
      'select greatest((select max(id) from payments), (select max(id) from events)) as id',
    );
    let next = Number(newest.rows[0].id) + 1;
    let paid = 0;
    const startedMs = performance.now();
    const endMs = startedMs + seconds * 1_000;
    await Promise.all(
      clients.map(async (client) => {
        while (performance.now() < endMs) {
          const from = randomInt(payers.length);
          const to = (from + randomInt(1, payers.length)) % payers.length;
          const id = next;
          next += 1;
          await pay(client, payers[from] as Payer, payers[to] as Payer, id);
          paid += 1;
        }
      }),
    );
    return paid / ((performance.now() - startedMs) / 1_000);
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
}
