import test from 'ava';
import { serverForFile } from './support/api-server.js';
import { asScript, balanceOf, logIn, newPerson, pay } from './support/people.js';
import { isRefused } from './support/refusal.js';

const server = serverForFile(test);

test('a person is asked about the same payment again, in any session, and a script is not', async (t) => {
  const [alice, bob] = await Promise.all([newPerson(server()), newPerson(server())]);
  const send = { to: bob.username, amount: '10.00' };
  const { json: first } = await pay(server(), alice, send);
  const other = { ...alice, token: await logIn(server(), alice.username) };
  for (const person of [alice, other]) {
    const refusal = await pay(server(), person, { ...send, memo: 'again' });
    isRefused(t, refusal, 'POSSIBLE_DUPLICATE');
    t.like(refusal.json, { duplicateOf: first.id, paidAt: first.createdAt });
  }
  t.is(await balanceOf(server(), alice), '990.00');
  const { json: second } = await pay(server(), await asScript(server(), alice), send);
  isRefused(t, await pay(server(), alice, { ...send, confirmDuplicateOf: first.id }), 'POSSIBLE_DUPLICATE');
  t.is((await pay(server(), alice, { ...send, confirmDuplicateOf: second.id })).status, 201);
  t.is(await balanceOf(server(), alice), '970.00');
});

test('to confirm takes a new key, and the refused one stays refused', async (t) => {
  const [alice, bob] = await Promise.all([newPerson(server()), newPerson(server())]);
  const send = { to: bob.username, amount: '10.00' };
  const { id } = (await pay(server(), alice, send)).json;
  const refusal = await pay(server(), alice, send, 'k');
  isRefused(t, refusal, 'POSSIBLE_DUPLICATE');
  t.is((await pay(server(), alice, send, 'k')).text, refusal.text);
  isRefused(
    t,
    await pay(server(), alice, { ...send, confirmDuplicateOf: id }, 'k'),
    'IDEMPOTENCY_KEY_REUSED',
  );
  t.is((await pay(server(), alice, { ...send, confirmDuplicateOf: id }, 'k2')).status, 201);
});

test('a dry run is asked as well', async (t) => {
  const [alice, bob] = await Promise.all([newPerson(server()), newPerson(server())]);
  const send = { to: bob.username, amount: '10.00' };
  await pay(server(), alice, send);
  isRefused(t, await pay(server(), alice, { ...send, dryRun: true }), 'POSSIBLE_DUPLICATE');
});
