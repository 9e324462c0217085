import { randomUUID } from 'node:crypto';
import test from 'ava';
import { changeUser, newAdmin } from '../support/admins.js';
import { serverForFile } from '../support/api-server.js';
import { newPerson, pay } from '../support/people.js';
import { isRefused } from '../support/refusal.js';

const server = serverForFile(test);

test.serial('the figures are those of what was done, and of nothing else', async (t) => {
  const admin = await newAdmin(server());
  const [ann, ben, eve, usd] = await Promise.all([
    newPerson(server()),
    newPerson(server()),
    newPerson(server()),
    newPerson(server(), 'USD'),
  ]);
  const stats = async (query = '') =>
    (await server().ask(`/v1/admin/stats${query}`, { token: admin.token })).json;
  const before = await stats();
  t.like(before, {
    currency: 'GBP',
    unanswered: 0,
    largest: [],
    members: { total: 5, active: 0, frozen: 0 },
  });
  t.true(before.members.administrators >= 1);

  const amounts = ['5.00', '70.00', '12.34', '1.00'];
  for (const amount of amounts) {
    await pay(server(), ann, { to: ben.username, amount, confirmDuplicateOf: '*' });
  }
  await pay(server(), usd, { to: ann.username, amount: '10.00' });
  await server().ask('/v1/requests', {
    ...{ token: ann.token, key: randomUUID(), send: { from: ben.username, amount: '2.00' } },
  });
  await changeUser(server(), admin, eve, { status: 'frozen' });
  const limit = { perPayment: '50.00', reason: 'as the test says' };
  await server().ask(`/v1/admin/limits/users/${ben.username}`, {
    ...{ method: 'PUT', token: admin.token, send: limit },
  });
  isRefused(t, await pay(server(), ben, { to: ann.username, amount: '50.01' }), 'LIMIT_EXCEEDED');

  const after = await stats();
  t.like(after, {
    unanswered: 1,
    members: { total: 5, active: 3, frozen: 1 },
    refused: { limits: before.refused.limits + 1, rates: 0 },
  });
  t.deepEqual(
    after.largest.map(({ sent }: { readonly sent: { readonly amount: string } }) => sent.amount),
    ['70.00', '12.34', '5.00', '1.00'],
  );
  t.like(after.largest[0], { from: ann.username, to: ben.username, sent: { currency: 'GBP' } });
  const [today] = after.days;
  t.is(today.volume.amount, '88.34');
  const gbp = after.currencies.find((one: { issued: { currency: string } }) => one.issued.currency === 'GBP');
  const users = await server().ask('/v1/admin/balances?step=day', { token: admin.token });
  t.deepEqual(gbp, { issued: users.json.data[0].issued, held: users.json.data[0].balance });
  t.is((await stats('?currency=USD')).largest[0].sent.amount, '10.00');
  const earlier = await stats('?until=2020-01-01T00:00:00Z');
  t.like(earlier, { largest: [], days: [], members: { total: 5, active: 0 } });
});

test.serial('only administrators see it, and what is asked wrongly is said', async (t) => {
  const [admin, ann] = await Promise.all([newAdmin(server()), newPerson(server())]);
  isRefused(t, await server().ask('/v1/admin/stats', { token: ann.token }), 'FORBIDDEN');
  const wrong = await server().ask('/v1/admin/stats?tz=Nowhere', { token: admin.token });
  isRefused(t, wrong, 'VALIDATION_FAILED', { fields: ['tz'] });
});
