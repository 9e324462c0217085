import { randomUUID } from 'node:crypto';
import test, { type ExecutionContext } from 'ava';
import { sharedServer } from '../../api/support/api-server.js';
import type { Reply } from '../../api/support/client.js';
import { balanceOf, newPerson, newScript, type Person, pay } from '../../api/support/people.js';
import { isRefused } from '../../api/support/refusal.js';
import { auditBooks } from '../../ledger/support/audit.js';
import { readTables } from '../../program/support/tables.js';

const server = sharedServer(test);
const atOnce = 50;

interface Asked {
  readonly requester: Person;
  readonly payer: Person;
  readonly id: string;
}

/** A request for 10.00 pounds that is pending. */
async function ask(): Promise<Asked> {
  const [requester, payer] = await Promise.all([newPerson(server()), newPerson(server())]);
  const send = { from: payer.username, amount: '10.00' };
  const { json } = await server().ask('/v1/requests', { token: requester.token, key: randomUUID(), send });
  return { requester, payer, id: json.id };
}

const act = ({ id }: Asked, verb: 'accept' | 'decline' | 'cancel', { token }: Person) =>
  server().ask(`/v1/requests/${id}/${verb}`, {
    ...{ method: 'POST', token },
    ...(verb === 'accept' && { key: randomUUID() }),
    ...(verb !== 'cancel' && { send: {} }),
  });

/** Sees that one of the replies won and that all others were told how the request was closed. */
async function hasOneWinner(t: ExecutionContext, asked: Asked, replies: readonly Reply[]): Promise<string> {
  const { requester, payer, id } = asked;
  const { json: request } = await server().ask(`/v1/requests/${id}`, { token: payer.token });
  const [winner, ...others] = replies.filter(({ status }) => status === 200);
  t.deepEqual(others, []);
  t.deepEqual(winner?.json.request ?? winner?.json, request);
  for (const reply of replies.filter((it) => it !== winner)) {
    isRefused(t, reply, 'REQUEST_CLOSED');
    t.is(reply.json.requestStatus, request.status);
  }
  const isPaid = request.status === 'paid';
  t.is(await balanceOf(server(), payer), isPaid ? '990.00' : '1000.00');
  t.is(await balanceOf(server(), requester), isPaid ? '1010.00' : '1000.00');
  return request.status;
}

test('of fifty acceptances at the same instant one wins, and money moves once', async (t) => {
  const asked = await ask();
  const replies = await Promise.all(Array.from({ length: atOnce }, () => act(asked, 'accept', asked.payer)));
  t.is(await hasOneWinner(t, asked, replies), 'paid');
});

for (const [verb, side] of [
  ['cancel', 'requester'],
  ['decline', 'payer'],
] as const) {
  test(`of fifty acceptances and acts to ${verb} at the same instant one wins, whichever comes first`, async (t) => {
    for (const first of [0, 1]) {
      const asked = await ask();
      const replies = await Promise.all(
        Array.from({ length: atOnce }, (_, place) =>
          place % 2 === first ? act(asked, 'accept', asked.payer) : act(asked, verb, asked[side]),
        ),
      );
      const status = await hasOneWinner(t, asked, replies);
      t.true(status === 'paid' || status === (verb === 'cancel' ? 'cancelled' : 'declined'), status);
    }
  });
}

test('fifty acceptances under one key at the same instant are one, and all get its answer', async (t) => {
  const asked = await ask();
  const [key, { token }] = ['one', asked.payer];
  const replies = await Promise.all(
    Array.from({ length: atOnce }, () =>
      server().ask(`/v1/requests/${asked.id}/accept`, { token, key, send: {} }),
    ),
  );
  t.deepEqual(new Set(replies.map(({ status, text }) => `${status} ${text}`)).size, 1);
  t.is(replies.filter(({ headers }) => headers['idempotency-replayed'] === undefined).length, 1);
  t.is(await balanceOf(server(), asked.payer), '990.00');
});

test('of fifty refunds at the same instant that are meant as many succeed as the total allows', async (t) => {
  const [payer, receiver] = await Promise.all([newPerson(server()), newPerson(server(), 'USD')]);
  const { json } = await pay(server(), payer, { to: receiver.username, amount: '10.00' });
  const replies = await Promise.all(
    Array.from({ length: atOnce }, () =>
      server().ask(`/v1/payments/${json.id}/refunds`, {
        ...{ token: receiver.token, key: randomUUID() },
        send: { amount: '3.00', confirmDuplicateOf: '*' },
      }),
    ),
  );
  t.is(replies.filter(({ status }) => status === 201).length, 3);
  for (const reply of replies.filter(({ status }) => status !== 201)) {
    isRefused(t, reply, 'REFUND_TOO_LARGE');
    t.is(reply.json.refundable.amount, '1.00');
  }
  const { refunded } = (await server().ask(`/v1/payments/${json.id}`, { token: payer.token })).json;
  t.deepEqual(refunded, { amount: '9.00', currency: 'GBP' });
  t.is(await balanceOf(server(), payer), '999.00');
});

test('of fifty refunds of all that is left at the same instant one wins', async (t) => {
  const [payer, receiver] = await Promise.all([newPerson(server()), newPerson(server())]);
  const { json } = await pay(server(), payer, { to: receiver.username, amount: '10.00' });
  const replies = await Promise.all(
    Array.from({ length: atOnce }, () =>
      server().ask(`/v1/payments/${json.id}/refunds`, {
        ...{ token: receiver.token, key: randomUUID(), send: {} },
      }),
    ),
  );
  t.is(replies.filter(({ status }) => status === 201).length, 1);
  for (const reply of replies.filter(({ status }) => status !== 201)) {
    isRefused(t, reply, 'REFUND_TOO_LARGE');
  }
  t.is(await balanceOf(server(), payer), '1000.00');
});

test('of fifty of the same payment of a person at the same instant one wins, and a script’s all do', async (t) => {
  const [person, script, receiver] = await Promise.all([
    ...[newPerson(server()), newScript(server())],
    newPerson(server()),
  ]);
  const send = { to: receiver?.username ?? '', amount: '1.00' };
  const payAtOnce = (who: Person) =>
    Promise.all(Array.from({ length: atOnce }, () => pay(server(), who, send)));
  const replies = await payAtOnce(person as Person);
  const [winner, ...others] = replies.filter(({ status }) => status === 201);
  t.deepEqual(others, []);
  for (const reply of replies.filter((it) => it !== winner)) {
    isRefused(t, reply, 'POSSIBLE_DUPLICATE');
    t.is(reply.json.duplicateOf, winner?.json.id);
  }
  t.true((await payAtOnce(script as Person)).every(({ status }) => status === 201));
});

test.after('the books are sound', async (t) => {
  t.deepEqual(auditBooks(await readTables(server().dataDir)), []);
});
