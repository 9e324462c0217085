import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { type ApiServer, startServer } from '../support/api-server.js';
import type { Reply } from '../support/client.js';
import { type ConversionService, sendJson, startConversionService } from '../support/conversion-service.js';
import { booksOf, runSql } from '../support/database.js';
import {
  freshName,
  goodPassword,
  newPerson,
  newScript,
  type Person,
  pay,
  register,
} from '../support/people.js';
import { isRefused } from '../support/refusal.js';

/** Minor units for one penny: nothing like the server's own rates. */
const worth = { GBP: [1n, 1n], USD: [5n, 2n], JPY: [37n, 10n], KWD: [1n, 3n] } as const;

let service: ConversionService;
let server: ApiServer;
let alice: Person;
let bob: Person;

test.serial.before('a server starts that asks a conversion service of ours', async () => {
  service = await startConversionService(worth);
  server = await startServer({ flags: ['--conversion-url', service.url] });
  alice = await newScript(server, 'GBP');
  bob = await newPerson(server, 'USD');
});

test.afterEach.always('the service is well again', () => service.behave());

test.after.always('both stop', async () => {
  await server.stop();
  await service.close();
});

const money = (amount: string, currency: string) => ({ amount, currency });

test.serial('the opening credit is converted at its rates', async (t) => {
  for (const [currency, amount] of [
    ['USD', '2500.00'],
    ['JPY', '370000'],
    ['KWD', '33.333'],
    ['GBP', '1000.00'],
  ] as const) {
    t.deepEqual((await register(server, { currency })).json.balance, money(amount, currency));
  }
});

test.serial('payments are converted at its rates', async (t) => {
  const { json } = await pay(server, alice, { to: bob.username, amount: '10.01' });
  t.like(json, { sent: money('10.01', 'GBP'), received: money('25.02', 'USD'), rate: '2.5' });
  const fixed = await pay(server, alice, { to: bob.username, amount: '25.02', currency: 'USD' });
  t.like(fixed.json, { sent: money('10.01', 'GBP'), received: money('25.02', 'USD'), rate: '2.5' });
});

test.serial('a fixed received amount costs the least that delivers it', async (t) => {
  const people = Object.fromEntries(
    await Promise.all(Object.keys(worth).map(async (code) => [code, await newPerson(server, code)] as const)),
  ) as Record<string, Person>;
  const code = fc.constantFrom(...Object.keys(worth));
  await fc.assert(
    fc.asyncProperty(code, code, fc.bigInt({ min: 1n, max: 900n }), async (from, to, wanted) => {
      fc.pre(from !== to);
      const digits = { GBP: 2, USD: 2, JPY: 0, KWD: 3 }[to] ?? 0;
      const text = String(wanted).padStart(digits + 1, '0');
      const amount = digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
      const { token } = people[from] as Person;
      const { username } = people[to] as Person;
      const send = { to: username, amount, currency: to, dryRun: true };
      const { json } = await server.ask('/v1/payments', { token, send });
      const sent = BigInt(json.sent.amount.replace('.', ''));
      t.is(json.received.amount, amount);
      t.true(service.convert(sent, from, to) >= wanted, `${sent} ${from} do not give ${amount} ${to}`);
      t.true(
        service.convert(sent - 1n, from, to) < wanted,
        `${sent} ${from} are too many for ${amount} ${to}`,
      );
    }),
    { numRuns: 60 },
  );
});

test.serial('maxDebit guards against a rate that has changed', async (t) => {
  const send = { to: bob.username, amount: '25.00', currency: 'USD', maxDebit: '10.00' };
  t.is((await pay(server, alice, send)).status, 201);
  // Less than a tenth off what it was.
  const dearer = await startConversionService({ ...worth, USD: [23n, 10n] });
  t.teardown(() => dearer.close());
  service.behave(({ url }, response) => {
    response.writeHead(307, { location: `${dearer.url}${url}` });
    response.end();
  });
  isRefused(t, await pay(server, alice, send), 'CONVERSION_UNAVAILABLE');
  service.behave(forward(dearer));
  const refusal = await pay(server, alice, send);
  isRefused(t, refusal, 'RATE_CHANGED');
  t.deepEqual(refusal.json.sent, money('10.87', 'GBP'));
});

function forward({ url: base }: ConversionService) {
  return async ({ url }: IncomingMessage, response: ServerResponse) => {
    const answer = await fetch(`${base}${url}`);
    sendJson(response, answer.status, await answer.json());
  };
}

test.serial('a payment within one currency asks nobody', async (t) => {
  const carol = await newPerson(server, 'GBP');
  const { questions } = service;
  t.is((await pay(server, alice, { to: carol.username, amount: '1.00' })).status, 201);
  t.is(service.questions, questions);
});

/** Sees that a payment was refused for want of a rate, that nothing was written, and that its key is still good. */
async function isUnavailable(
  t: Parameters<typeof isRefused>[0],
  make: (key: string) => Promise<Reply>,
): Promise<void> {
  const before = await booksOf(server, [alice, bob]);
  const key = freshName('key');
  const startedAtMs = performance.now();
  const reply = await make(key);
  const tookMs = performance.now() - startedAtMs;
  isRefused(t, reply, 'CONVERSION_UNAVAILABLE', { detail: /same Idempotency-Key/ });
  t.true(tookMs < 2_800, `the refusal took ${tookMs} ms`);
  t.deepEqual(await booksOf(server, [alice, bob]), before);
  service.behave();
  t.is((await make(key)).status, 201);
}

const good = { from: 'GBP', to: 'USD', amount: '1.00', rate: '2.5', converted: '2.50' };
const lies: Readonly<Record<string, unknown>> = {
  'another currency': { ...good, to: 'JPY' },
  'another source': { ...good, from: 'USD' },
  'another amount': { ...good, amount: '1.01' },
  'no amount': { ...good, amount: undefined },
  'a number': { ...good, converted: 2.5 },
  'a negative amount': { ...good, converted: '-2.50' },
  'too many decimals': { ...good, converted: '2.505' },
  'an exponent': { ...good, converted: '1e3' },
  'more than a balance can hold': { ...good, converted: '99999999999999999.00' },
  'not a number': { ...good, converted: 'NaN' },
  nothing: { ...good, converted: '' },
  null: null,
  'a list': [good],
  'a text': 'good',
  'no rate': { ...good, rate: undefined },
  'a rate that is none': { ...good, rate: '<b>2.5</b>' },
  'a negative rate': { ...good, rate: '-2.5' },
  'a rate as long as a book': { ...good, rate: '2.5'.padEnd(1000, '0') },
};

for (const [name, answer] of Object.entries(lies)) {
  test.serial(`a service that answers ${name} is not believed`, async (t) => {
    service.behave((_request, response) => sendJson(response, 200, answer));
    await isUnavailable(t, (key) => pay(server, alice, { to: bob.username, amount: '1.00' }, key));
  });
}

const failures: Readonly<Record<string, (request: IncomingMessage, response: ServerResponse) => void>> = {
  'breaks the connection': ({ socket }) => void socket.destroy(),
  'answers 500': (_request, response) => sendJson(response, 500, good),
  'answers 404': (_request, response) => sendJson(response, 404, good),
  'answers 204': (_request, response) => void response.writeHead(204).end(),
  'answers broken JSON': (_request, response) => void response.end(JSON.stringify(good).slice(0, -1)),
  'answers a page': (_request, response) => void response.end('<!doctype html>'),
  'answers without end': (_request, response) => {
    response.write('{"from":"GBP","filler":"');
    const more = () =>
      void (response.write('x'.repeat(65_536)) ? setImmediate(more) : response.once('drain', more));
    more();
  },
};

for (const [name, handler] of Object.entries(failures)) {
  test.serial(`a service that ${name} does not answer`, async (t) => {
    service.behave(handler);
    await isUnavailable(t, (key) => pay(server, alice, { to: bob.username, amount: '1.00' }, key));
  });
}

test.serial('a service that is slow, in whatever way, is waited for two seconds in all', async (t) => {
  const { timers, later } = makeTimers();
  t.teardown(() => timers.forEach(clearTimeout));
  service.behave(({ url }, response) => {
    if (url?.endsWith('/1.01')) {
      response.write('{"from":');
    } else if (!url?.endsWith('/1.02')) {
      // The answer to each question comes in time, and to all of them not.
      later(900, () => sendJson(response, 200, { ...good, converted: '0.01' }));
    }
  });
  const before = await booksOf(server, [alice, bob]);
  const startedAtMs = performance.now();
  const replies = await Promise.all([
    pay(server, alice, { to: bob.username, amount: '1.01' }),
    pay(server, alice, { to: bob.username, amount: '1.02' }),
    pay(server, alice, { to: bob.username, amount: '5.00', currency: 'USD' }),
  ]);
  const tookMs = performance.now() - startedAtMs;
  for (const reply of replies) {
    isRefused(t, reply, 'CONVERSION_UNAVAILABLE');
  }
  t.true(tookMs < 2_800, `the refusals took ${tookMs} ms`);
  t.deepEqual(await booksOf(server, [alice, bob]), before);
});

function makeTimers(): { timers: NodeJS.Timeout[]; later: (ms: number, act: () => void) => void } {
  const timers: NodeJS.Timeout[] = [];
  return { timers, later: (ms, act) => void timers.push(setTimeout(act, ms)) };
}

test.serial('a service that hangs holds up nobody who does not need it', async (t) => {
  const carol = await newPerson(server, 'GBP');
  const order: string[] = [];
  service.behave(() => {});
  const stuck = Promise.all(
    Array.from({ length: 20 }, async () => {
      const reply = await pay(server, alice, { to: bob.username, amount: '1.00' });
      order.push('stuck');
      return reply;
    }),
  );
  for (let count = 0; count < 10; count += 1) {
    t.is((await pay(server, alice, { to: carol.username, amount: '0.01' })).status, 201);
    order.push('free');
  }
  for (const reply of await stuck) {
    isRefused(t, reply, 'CONVERSION_UNAVAILABLE');
  }
  t.deepEqual(order.slice(0, 10), Array(10).fill('free'));
});

test.serial('a fixed received amount costs the least even where the way back has another rate', async (t) => {
  service.behave(({ url }, response) => {
    const [, , from = '', to = '', amount = ''] = (url ?? '').split('/');
    const minor = BigInt(amount.replace('.', ''));
    // Back it costs ten times less, or ten times more, than there.
    const back = amount === '250.00' ? minor * 4n : minor / 25n;
    const converted = to === 'GBP' ? back : (minor * 5n) / 2n;
    const text = String(converted).padStart(3, '0');
    sendJson(response, 200, {
      from,
      to,
      amount,
      rate: '2.5',
      converted: `${text.slice(0, -2)}.${text.slice(-2)}`,
    });
  });
  for (const [amount, sent] of [
    ['250.00', '100.00'],
    ['250.01', '100.01'],
    ['0.01', '0.01'],
    ['0.03', '0.02'],
  ] as const) {
    const send = { to: bob.username, amount, currency: 'USD', dryRun: true };
    const { json } = await server.ask('/v1/payments', { token: alice.token, send });
    t.is(json.sent?.amount, sent, JSON.stringify(json));
  }
});

test.serial('a cost beyond what can be counted is refused', async (t) => {
  service.behave(({ url }, response) => {
    const [, , from = '', to = '', amount = ''] = (url ?? '').split('/');
    sendJson(response, 200, { from, to, amount, rate: '0.01', converted: '0.01' });
  });
  const send = { to: bob.username, amount: '90000000000000.00', currency: 'USD' };
  isRefused(t, await pay(server, alice, send), 'INVALID_AMOUNT', { detail: /too large/ });
});

test.serial('an amount that the service refuses to convert is refused', async (t) => {
  service.behave((_request, response) => sendJson(response, 422, { code: 'INVALID_AMOUNT' }));
  isRefused(t, await pay(server, alice, { to: bob.username, amount: '0.01' }), 'INVALID_AMOUNT', {
    fields: ['amount'],
  });
});

test.serial('a replay gets its first answer while the service is down', async (t) => {
  const key = freshName('key');
  const send = { to: bob.username, amount: '2.00' };
  const first = await pay(server, alice, send, key);
  service.behave(({ socket }) => void socket.destroy());
  const replay = await pay(server, alice, send, key);
  t.deepEqual([replay.status, replay.text], [201, first.text]);
  t.is(replay.headers['idempotency-replayed'], 'true');
  isRefused(t, await pay(server, alice, { ...send, amount: '3.00' }, key), 'IDEMPOTENCY_KEY_REUSED');
});

test.serial('what is refused for another reason is refused for that while the service is down', async (t) => {
  service.behave(({ socket }) => void socket.destroy());
  for (const [send, code] of [
    [{ to: freshName('nobody'), amount: '1.00' }, 'USER_NOT_FOUND'],
    [{ to: alice.username, amount: '1.00' }, 'SELF_PAYMENT'],
    [{ to: bob.username, amount: '1', currency: 'JPY' }, 'VALIDATION_FAILED'],
  ] as const) {
    isRefused(t, await pay(server, alice, send), code);
  }
});

test.serial('nobody is registered in another currency while the service is down', async (t) => {
  service.behave(({ socket }) => void socket.destroy());
  const username = freshName();
  isRefused(t, await register(server, { username, currency: 'USD' }), 'CONVERSION_UNAVAILABLE');
  isRefused(
    t,
    await server.ask('/v1/sessions', { send: { username, password: goodPassword } }),
    'INVALID_CREDENTIALS',
  );
  t.deepEqual(await runSql(server, 'select id from users where username = ?', [username]), []);
  t.is((await register(server, { currency: 'GBP' })).status, 201);
  service.behave();
  t.is((await register(server, { username, currency: 'USD' })).status, 201);
});

test.serial('a dry run is refused like the payment while the service is down', async (t) => {
  service.behave(({ socket }) => void socket.destroy());
  const send = { to: bob.username, amount: '1.00', dryRun: true };
  isRefused(t, await server.ask('/v1/payments', { token: alice.token, send }), 'CONVERSION_UNAVAILABLE');
});

test.serial('another server of this kind can be asked over HTTPS', async (t) => {
  const other = await startServer();
  t.teardown(async () => void (await other.stop()));
  const asking = await startServer({
    flags: ['--conversion-url', other.url],
    environment: { NODE_EXTRA_CA_CERTS: join(other.dataDir, 'tls.crt') },
  });
  t.teardown(async () => void (await asking.stop()));
  const [ann, ben] = await Promise.all([newPerson(asking, 'GBP'), newPerson(asking, 'JPY')]);
  const { json } = await pay(asking, ann, { to: ben.username, amount: '100', currency: 'JPY' });
  t.like(json, { sent: money('0.53', 'GBP'), received: money('100', 'JPY'), rate: '190.35' });
  await other.stop();
  isRefused(t, await pay(asking, ann, { to: ben.username, amount: '1.00' }), 'CONVERSION_UNAVAILABLE');
});
