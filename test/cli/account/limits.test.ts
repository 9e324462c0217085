import anyTest, { type TestFn } from 'ava';
import type { OwnLimitJson } from '../../../server/features/limits/wire.js';
import { type ApiServer, startServer } from '../../api/support/api-server.js';
import { changeRows, numberOf } from '../../api/support/database.js';
import { newPerson } from '../../api/support/people.js';
import { registerInside } from '../support/person.js';
import { runInTerminal } from '../support/terminal.js';

const test = anyTest as TestFn<{ server: ApiServer }>;

test.before(async (t) => {
  t.context = { server: await startServer() };
});

test.after.always(async (t) => {
  await t.context.server?.stop();
});

const fingerprintOf = (server: ApiServer) => /SHA256:\S+/.exec(server.stderr())?.[0] ?? '';

test('limits tells what is left, and why a payment is refused is told with the way out', async (t) => {
  const { server } = t.context;
  const lasting = { url: server.url, fingerprint: fingerprintOf(server), stop: async () => {} };
  const alice = await registerInside(lasting, 'alice', 'GBP');
  const bob = await newPerson(server, 'GBP', 'bob');
  t.deepEqual(await alice.json('limits'), []);
  const none = runInTerminal(['limits'], alice.environment);
  await none.sees('Nothing but your balance limits what you may pay.');
  t.is(await none.ended, 0);

  await changeRows(server, "update users set role = 'admin' where id = ?", [numberOf(bob.id)]);
  const send = { perPayment: '20.00', perDay: '1250.00', reason: 'test' };
  const path = '/v1/admin/limits/users/alice';
  t.is((await server.ask(path, { method: 'PUT', token: bob.token, send })).status, 200);
  t.is((await alice.pay('send', bob.username, '12.50', '--yes')).status, 0);

  const [perPayment, perDay] = (await alice.json('limits')) as OwnLimitJson[];
  t.like(perPayment, { limit: 'per_payment', remaining: { amount: '20.00', currency: 'GBP' } });
  t.like(perDay, { limit: 'per_day', remaining: { amount: '1237.50', currency: 'GBP' } });
  t.is(
    (await alice.pay('limits')).stdout,
    `per_payment\t20.00\t0.00\t20.00\tGBP\t\nper_day\t1250.00\t12.50\t1237.50\tGBP\t${perDay?.resetsAt}\n`,
  );
  const shown = runInTerminal(['limits'], alice.environment, 60);
  t.is(await shown.ended, 0);
  t.deepEqual(shown.text().trimEnd().split(/\r?\n/), [
    'you may pay         up to       used          left  more',
    'at once         20.00 GBP   0.00 GBP     20.00 GBP',
    'in 24 hours  1,250.00 GBP  12.50 GBP  1,237.50 GBP  in 24 h',
  ]);

  const refused = await alice.pay('send', bob.username, '20.01', '--yes');
  t.is(refused.status, 1);
  t.regex(refused.stderr, /You may pay 20\.00 GBP at once; this is 20\.01 GBP\./);
  t.deepEqual(await alice.json('balance'), { amount: '987.50', currency: 'GBP' });
});
