import { startServer } from '../api/support/api-server.js';
import type { Client } from '../api/support/client.js';
import { freshName, goodPassword, patiently, register } from '../api/support/people.js';
import { testWith } from '../support/needs.js';
import { needsPostgres } from '../support/on-postgres.js';
import { makePostgresDatabase } from '../support/postgres.js';

const test = testWith(needsPostgres);
/** More wrong tries of one account are refused after the first few of them. */
const mostTries = 40;

test('tries of a password count on all servers together: who is refused on one is refused on the other', async (t) => {
  const environment = { PAY_DATABASE_URL: await makePostgresDatabase(), PAY_RATE_LIMITS: 'on' };
  const [one, other] = [await startServer({ environment }), await startServer({ environment })];
  t.teardown(() => Promise.all([one.stop(), other.stop()]));
  const username = freshName();
  t.is((await register(one, { username })).status, 201);
  const tryOn = (server: Client, password: string) =>
    patiently(() => server.ask('/v1/sessions', { send: { username, password } }));
  let tries = 0;
  let reply = await tryOn(one, 'wrong-lantern-42-river');
  // Half of them on each, so that neither alone has seen as many.
  while (reply.status === 401 && tries < mostTries) {
    tries += 1;
    reply = await tryOn(tries % 2 === 0 ? one : other, 'wrong-lantern-42-river');
  }
  t.is(reply.status, 429, reply.text);
  for (const server of [one, other]) {
    const refused = await tryOn(server, goodPassword);
    t.is(refused.status, 429, refused.text);
    t.regex(refused.json.detail, /Too many wrong tries/);
  }
  t.log(`${tries} wrong tries on both together`);
});
