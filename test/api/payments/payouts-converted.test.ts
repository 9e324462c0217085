import { randomUUID } from 'node:crypto';
import test from 'ava';
import { type ApiServer, startServer } from '../support/api-server.js';
import { type ConversionService, sendJson, startConversionService } from '../support/conversion-service.js';
import { balanceOf, newScript, type Person } from '../support/people.js';
import { isRefused } from '../support/refusal.js';

/** Minor units for one penny: nothing like the server's own rates. */
const worth = { GBP: [1n, 1n], USD: [5n, 2n], JPY: [37n, 10n] } as const;

let service: ConversionService;
let server: ApiServer;
let alice: Person;
let bob: Person;
let carol: Person;

test.serial.before('a server starts that asks a conversion service of ours', async () => {
  service = await startConversionService(worth);
  server = await startServer({ flags: ['--conversion-url', service.url] });
  alice = await newScript(server, 'GBP');
  bob = await newScript(server, 'GBP');
  carol = await newScript(server, 'USD');
});

test.afterEach.always('the service is well again', () => service.behave());

test.after.always('both stop', async () => {
  await server.stop();
  await service.close();
});

const payMany = (items: readonly object[], mode: string, key: string = randomUUID()) =>
  server.ask('/v1/payouts', { token: alice.token, key, send: { items, mode } });

test.serial('items are converted at its rates, and items that say the same are asked once', async (t) => {
  const before = service.questions;
  const same = { to: carol.username, amount: '10.00' };
  const items = [
    same,
    same,
    { to: bob.username, amount: '1' },
    { ...same, currency: 'USD', amount: '25.00' },
    { to: 'nobody-at-all', amount: '1' },
  ];
  const { json } = await payMany(items, 'each');
  t.like(json.totals, {
    paid: 4,
    refused: 1,
    sent: { amount: '31.00', currency: 'GBP' },
    received: [
      { amount: '1.00', currency: 'GBP' },
      { amount: '75.00', currency: 'USD' },
    ],
  });
  t.is(json.results[4].error.code, 'USER_NOT_FOUND');
  // One for the fixed debit; a fixed credit takes a few to find the smallest cost.
  t.true(service.questions - before <= 5, `${service.questions - before} questions`);
});

test.serial('a hundred different amounts are asked for a few at a time', async (t) => {
  const balance = await balanceOf(server, carol);
  const items = Array.from({ length: 100 }, (_, index) => ({
    to: carol.username,
    amount: `0.${String(index + 1).padStart(2, '0')}`,
  })).map((item, index) => (index === 99 ? { ...item, amount: '1.00' } : item));
  const { json } = await payMany(items, 'all');
  t.is(json.totals.paid, 100);
  const gained = Number(await balanceOf(server, carol)) - Number(balance);
  const expected = items.reduce((sum, _item, index) => sum + Math.floor(((index + 1) * 5) / 2), 0);
  t.is(Math.round(gained * 100), expected);
});

for (const mode of ['each', 'all']) {
  test.serial(`${mode}: while it does not answer nobody is paid, and the key stays free`, async (t) => {
    const balances = await Promise.all([alice, bob, carol].map((person) => balanceOf(server, person)));
    const items = [
      { to: bob.username, amount: '1' },
      { to: carol.username, amount: '1' },
    ];
    const key = randomUUID();
    service.behave((_request, response) => sendJson(response, 500, {}));
    const refusal = await payMany(items, mode, key);
    isRefused(t, refusal, 'CONVERSION_UNAVAILABLE', { detail: /same Idempotency-Key/ });
    t.deepEqual(await Promise.all([alice, bob, carol].map((person) => balanceOf(server, person))), balances);
    // Who is paid in the payer's own currency needs nobody to convert.
    t.is((await payMany(items.slice(0, 1), mode)).status, 201);
    service.behave();
    const paid = await payMany(items, mode, key);
    t.is(paid.json.totals.paid, 2);
    service.behave((_request, response) => sendJson(response, 500, {}));
    const replay = await payMany(items, mode, key);
    t.deepEqual([replay.headers['idempotency-replayed'], replay.text], ['true', paid.text]);
  });
}
