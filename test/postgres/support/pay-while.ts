import type { ExecutionContext } from 'ava';
import { checkDatabaseFile } from '../../../server/features/books/check-database.js';
import { type ApiServer, startServer } from '../../api/support/api-server.js';
import { newScript, type Person, pay } from '../../api/support/people.js';
import { until } from '../../support/until.js';

const atOnce = 6;

/** Payments of a pound each, under way to one receiver. */
export interface Paying {
  /** How many there are in all. */
  readonly all: number;
  paid: number;
  /** How often one was answered by 503, and so is repeated under its key. */
  unavailable: number;
}

export interface Paid {
  readonly all: number;
  readonly server: ApiServer;
  readonly receiver: Person;
}

/** Pays over a server on this database, so many times for each of some senders at once, while something is disturbed. */
export async function payWhile(
  t: ExecutionContext,
  { url, paymentsEach }: { readonly url: string; readonly paymentsEach: number },
  disturb: (paying: Paying) => Promise<void>,
): Promise<Paid> {
  const server = await startServer({ environment: { PAY_DATABASE_URL: url } });
  t.teardown(() => server.stop());
  const [sender, receiver] = await Promise.all([newScript(server), newScript(server)]);
  const paying: Paying = { all: atOnce * paymentsEach, paid: 0, unavailable: 0 };

  async function payAll(one: number): Promise<void> {
    for (let number = 0; number < paymentsEach; number += 1) {
      const reply = await until('an answer other than 503', async () => {
        const said = await pay(server, sender, { to: receiver.username, amount: '1.00' }, `${one}-${number}`);
        paying.unavailable += said.status === 503 ? 1 : 0;
        return said.status !== 503 && said;
      });
      t.is(reply.status, 201, reply.text);
      paying.paid += 1;
    }
  }

  const allPaid = Promise.all(Array.from({ length: atOnce }, (_, one) => payAll(one)));
  await disturb(paying);
  await allPaid;
  t.log(`${paying.unavailable} answers were 503`);
  return { all: paying.all, server, receiver };
}

/** Asserts that the receiver, whose balance this is, and the books have each of the payments once. */
export async function assertPaidOnce(
  t: ExecutionContext,
  { url, all, balance }: { readonly url: string; readonly all: number; readonly balance: string },
): Promise<void> {
  t.is(balance, `${1_000 + all}.00`);
  const books = await checkDatabaseFile(url);
  t.deepEqual(books.problems, []);
  t.is(books.payments, 2 + all);
}
