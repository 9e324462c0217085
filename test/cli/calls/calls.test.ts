import test from 'ava';
import { actOfCall } from '../../../cli/calls/act-of-call.js';
import { methodOf, pathOf } from '../../../cli/calls/read-call.js';
import { type LastingPayServer, startPayServer } from '../support/pay-server.js';
import { type Person, registerInside } from '../support/person.js';
import { type Relay, startRelay } from '../support/relay.js';
import { runPayInside } from '../support/run-pay-inside.js';

let server: LastingPayServer;
let relay: Relay;

test.before(async () => {
  server = await startPayServer();
  relay = await startRelay(server);
  await registerInside(server, 'bob', 'GBP');
});

test.after.always(async () => {
  await relay?.stop();
  await server?.stop();
});

async function json(person: Person, ...words: string[]): Promise<Record<string, unknown>> {
  const { status, stdout, stderr } = await person.pay('api', ...words);
  if (status !== 0) {
    throw new Error(`pay api ${words.join(' ')} ended with ${status}: ${stderr}`);
  }
  return JSON.parse(stdout) as Record<string, unknown>;
}

const balanceOf = async (person: Person) => (await json(person, 'GET', '/v1/me')).balance;

test('only a path is taken, so that the session goes to no other server', (t) => {
  for (const path of [
    'https://evil.example/v1/me',
    'HTTPS://evil',
    '//evil.example/v1',
    '/\\evil',
    '/v1 /me',
    '/a#b',
    '/a\n',
  ]) {
    t.throws(() => pathOf(path), { message: /is no path/ }, path);
  }
  t.is(pathOf('v1/me'), '/v1/me');
  t.is(pathOf('/v1/payments?limit=1'), '/v1/payments?limit=1');
  t.is(methodOf('patch'), 'PATCH');
  t.throws(() => methodOf('TRACE'));
});

test('what moves money or asks for it needs a key, and a rehearsal does not', (t) => {
  const post = (path: string, body = {}) => actOfCall({ method: 'POST', path, body })?.outcome;
  t.is(post('/v1/payments', { to: 'bob', amount: '10', currency: 'GBP' }), 'bob was paid 10 GBP');
  t.is(post('/v1/payments/pay_1/refunds'), 'the payment pay_1 was given back');
  t.is(post('/v1/payments/pay_1/refunds', { amount: '5' }), '5 of the payment pay_1 was given back');
  t.is(post('/v1/payouts', { items: [{}, {}] }), 'these 2 payments of the file were made');
  t.is(post('/v1/payouts', { items: [{}] }), 'this payment of the file was made');
  t.is(post('/v1/requests', { from: 'bob', amount: '10' }), 'bob was asked for 10');
  t.is(post('/v1/requests/req_1/accept'), 'the request req_1 was paid');
  t.is(
    post('/v1/admin/adjustments', { username: 'bob', amount: '10', direction: 'debit' }),
    'bob was debited 10',
  );
  t.is(post('/v1/payments', { dryRun: true }), undefined);
  t.is(post('/v1/requests/req_1/decline'), undefined);
  t.is(post('/v1/tokens'), undefined);
  t.is(actOfCall({ method: 'GET', path: '/v1/payments' }), undefined);
});

test('reading, with fields in the query, with the head, and page by page', async (t) => {
  const alice = await registerInside(server, 'reader', 'GBP');
  t.is((await json(alice, 'get', '/v1/me')).username, 'reader');
  for (const amount of ['1', '2', '3']) {
    await json(alice, 'POST', '/v1/payments', '-f', 'to=bob', '-f', `amount=${amount}`);
  }
  const one = await json(alice, 'GET', '/v1/payments', '--field', 'limit=1', '--field', 'kind=transfer');
  t.is((one.data as unknown[]).length, 1);
  const pages = await alice.pay('api', 'GET', '/v1/payments?limit=1', '--paginate');
  t.is(pages.status, 0);
  const lines = pages.stdout.trimEnd().split('\n');
  t.is(lines.length, 4);
  t.is(new Set(lines.map((line) => (JSON.parse(line) as { id: string }).id)).size, 4);
  const headed = await alice.pay('api', 'GET', '/v1/me', '--include');
  t.regex(headed.stdout, /^HTTP\/1\.1 200\n[\s\S]*x-request-id: \S+\n[\s\S]*\n\n\{"id":/i);
  const csv = await alice.pay('api', 'GET', '/v1/payments', '--accept', 'text/csv');
  t.regex(csv.stdout, /^id,createdAt,kind/);
  t.is((await alice.pay('api', 'GET', '/v1/me', '--paginate')).status, 2);
});

test('a payment takes a key, made or given, and happens once under it', async (t) => {
  const alice = await registerInside(server, 'payer', 'GBP');
  const pay = ['POST', '/v1/payments', '--field', 'to=bob', '--field', 'amount=10', '--key', 'rent'];
  const first = await json(alice, ...pay);
  t.deepEqual(await json(alice, ...pay), first);
  t.deepEqual(await balanceOf(alice), { amount: '990.00', currency: 'GBP' });
  const rehearsed = await json(
    alice,
    'POST',
    '/v1/payments',
    '--body',
    '{"to":"bob","amount":"5","dryRun":true}',
  );
  t.is(rehearsed.id, null);
  t.deepEqual(await balanceOf(alice), { amount: '990.00', currency: 'GBP' });
});

test('the body may come from stdin, and fields may be JSON', async (t) => {
  const alice = await registerInside(server, 'writer', 'GBP');
  const words = ['api', 'POST', '/v1/tokens', '--input', '-'];
  const made = await runPayInside(
    words,
    alice.environment,
    '{"name":"ci","scopes":["read"],"expiresInDays":1}',
  );
  t.is(made.status, 0, made.stderr);
  const again = await json(
    alice,
    ...['POST', '/v1/tokens', '-f', 'name=two', '-f', 'scopes:=["read"]', '-f', 'expiresInDays:=1'],
  );
  t.deepEqual(again.scopes, ['read']);
  t.is((await runPayInside(words, alice.environment, 'no json')).status, 2);
  const deleted = await alice.pay('api', 'DELETE', `/v1/tokens/${String(again.id)}`);
  t.deepEqual([deleted.status, deleted.stdout], [0, '']);
});

test('refusals end as those of every other command', async (t) => {
  const alice = await registerInside(server, 'refused', 'GBP');
  const status = async (...words: string[]) => (await alice.pay('api', ...words)).status;
  t.is(await status('GET', '/v1/payments/pay_none'), 3);
  t.is(await status('GET', '/v1/admin/users'), 5);
  t.is(await status('POST', '/v1/payments', '-f', 'to=bob', '-f', 'amount=x'), 2);
  t.is(await status('GET', '/v1/me', '--field', 'nonsense'), 2);
  t.is(await status('GET', '/v1/me', '--key', 'k'), 2);
  t.is(await status('GET', 'https://evil.example/'), 2);
  const poor = await alice.pay(
    'api',
    'POST',
    '/v1/payments',
    '-f',
    'to=bob',
    '-f',
    'amount=5000',
    '-i',
    '--json',
  );
  t.is(poor.status, 1);
  t.regex(poor.stdout, /^HTTP\/1\.1 409\n/);
  t.is((JSON.parse(poor.stderr) as { code: string }).code, 'INSUFFICIENT_FUNDS');
  t.deepEqual(await balanceOf(alice), { amount: '1000.00', currency: 'GBP' });
});

test('a payment whose answer is lost is settled by the command that is told, and made once', async (t) => {
  const alice = await registerInside(relay, 'lost', 'GBP');
  relay.break([], 'lose-answer');
  const lost = await alice.pay(
    'api',
    'POST',
    '/v1/payments',
    '-f',
    "memo=it's",
    '-f',
    'to=bob',
    '-f',
    'amount=7',
    '--json',
  );
  t.is(lost.status, 7);
  const { settle } = JSON.parse(lost.stderr) as { settle: string };
  t.regex(settle, /^pay api --body /);
  relay.break([]);
  const words = /^pay api --body '(.*)' --key (\S+) --profile (\S+) POST \/v1\/payments$/.exec(settle);
  t.truthy(words, settle);
  const [, body = '', key = '', profile = ''] = words ?? [];
  const settled = await alice.pay(
    ...['api', '--body', body.replaceAll(`'\\''`, "'"), '--key', key, '--profile', profile],
    ...['POST', '/v1/payments'],
  );
  t.is(settled.status, 0, settled.stderr);
  t.is((JSON.parse(settled.stdout) as { memo: string }).memo, "it's");
  t.deepEqual(await balanceOf(alice), { amount: '993.00', currency: 'GBP' });
});
