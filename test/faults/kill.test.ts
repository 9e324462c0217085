import test, { type ExecutionContext } from 'ava';
import { publicId } from '../../server/ids.js';
import { makeDataFolder } from '../support/first-start.js';
import type { PayServerProcess } from '../support/server-process.js';
import { assertWhole, readBooks, transfersOf } from './support/books.js';
import { type Client, makeClient, type User } from './support/client.js';
import { type Attempt, repeat, startLoad } from './support/load.js';
import { startServer } from './support/server.js';

const rounds = 4;
const payers = 24;

async function registerAll(client: Client): Promise<User[]> {
  const currencies = { alice: 'GBP', bob: 'USD', carol: 'JPY', dave: 'KWD', erin: 'GBP' };
  return Promise.all(
    Object.entries(currencies).map(([username, currency]) => client.register(username, currency)),
  );
}

/** Pays under load and kills the server at a random moment. Gives what was tried. */
async function payUntilKilled(
  t: ExecutionContext,
  server: PayServerProcess,
  users: readonly User[],
): Promise<readonly Attempt[]> {
  const client = await makeClient(t, server);
  const load = startLoad(client, users, payers);
  await load.answered(payers);
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 400));
  await server.kill();
  const attempts = await load.finish();
  await client.close();
  return attempts;
}

/** Every payment that was answered is there as it was answered. */
async function assertAnsweredAreThere(
  t: ExecutionContext,
  data: string,
  attempts: readonly Attempt[],
): Promise<void> {
  const books = await readBooks(data);
  assertWhole(t, books);
  const there = new Set(transfersOf(books).map(({ id }) => publicId('pay', id)));
  const paid = attempts.flatMap(({ reply }) => (reply?.status === 201 ? JSON.parse(reply.text).id : []));
  t.true(paid.length > 0);
  t.deepEqual(
    paid.filter((id) => !there.has(id)),
    [],
  );
}

/** Each attempt made again with its key gives what it gave; one that was not answered gets an answer now. */
async function settle(t: ExecutionContext, client: Client, attempts: readonly Attempt[]): Promise<number> {
  const again = await Promise.all(attempts.map((attempt) => repeat(client, attempt)));
  const changed = attempts.flatMap(({ key, reply }, place) => {
    const now = again[place];
    const isSame =
      reply?.status === now?.status && reply?.text === now?.text && now?.headers['idempotency-replayed'];
    return reply && !isSame ? [`${key} gave ${reply.text}, now ${now?.text}`] : [];
  });
  t.deepEqual(changed, []);
  t.deepEqual(
    again.map(({ status }) => status).filter((status) => status !== 201 && status !== 409),
    [],
  );
  return attempts.filter(({ reply }, place) => !reply && again[place]?.headers['idempotency-replayed'])
    .length;
}

test('a server that is killed under load loses nothing that it answered and pays nothing twice', async (t) => {
  const data = await makeDataFolder(t);
  let server = await startServer(t, data);
  const users = await registerAll(await makeClient(t, server));
  const all: Attempt[] = [];
  let unheard = 0;
  let doneUnheard = 0;
  for (let round = 0; round < rounds; round += 1) {
    const attempts = await payUntilKilled(t, server, users);
    all.push(...attempts);
    unheard += attempts.filter(({ reply }) => !reply).length;
    server = await startServer(t, data);
    await assertAnsweredAreThere(t, data, all);
    doneUnheard += await settle(t, await makeClient(t, server), attempts);
  }
  t.is(await server.stop(), 0);
  const books = await readBooks(data);
  assertWhole(t, books);
  t.true(unheard > 0);
  t.is(books.keys.length, all.length);
  t.log(`${all.length} attempts, ${unheard} without an answer, of which ${doneUnheard} were done`);
});
