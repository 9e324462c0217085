import { randomUUID } from 'node:crypto';
import test from 'ava';
import { sharedServer } from '../support/api-server.js';
import { newPerson } from '../support/people.js';
import { isRefused } from '../support/refusal.js';

const server = sharedServer(test);

/** Where an id of each kind stands in a path or a body; zero is a number that no row has, and that columns may refuse. */
const zeros = {
  'a request that is accepted': ['/v1/requests/req_0000000000/accept', {}],
  'a request that is declined': ['/v1/requests/req_0000000000/decline', {}],
  'a request that is reminded of': ['/v1/requests/req_0000000000/remind', {}],
  'a payment that is given back': ['/v1/payments/pay_0000000000/refunds', {}],
  'a notification that is read': ['/v1/notifications/read', { upTo: 'evt_0000000000' }],
} as const;

for (const [what, [path, send]] of Object.entries(zeros)) {
  test(`the number zero is none of ${what}`, async (t) => {
    const { token } = await newPerson(server());
    const headers = { 'idempotency-key': randomUUID() };
    isRefused(t, await server().ask(path, { token, send, headers, method: 'POST' }), 'NOT_FOUND');
  });
}

test('the number zero is none of a session, a token, a webhook, a payment and a request that are asked for', async (t) => {
  const { token } = await newPerson(server());
  const asked = [
    ['DELETE', '/v1/sessions/ses_0000000000'],
    ['DELETE', '/v1/tokens/tok_0000000000'],
    ['DELETE', '/v1/webhooks/whk_0000000000'],
    ['GET', '/v1/payments/pay_0000000000'],
    ['GET', '/v1/requests/req_0000000000'],
  ] as const;
  for (const [method, path] of asked) {
    isRefused(t, await server().ask(path, { token, method }), 'NOT_FOUND');
  }
});
