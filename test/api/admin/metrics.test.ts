import test from 'ava';
import { Agent, request } from 'undici';
import { readExposition, type Sample, total } from '../../features/metrics/support/exposition.js';
import { needsOuterAddress, outerAddress, testWith } from '../../support/needs.js';
import { until } from '../../support/until.js';
import { type ApiServer, serverForFile, startServer } from '../support/api-server.js';
import { newPerson, newScript, pay } from '../support/people.js';
import { isRefused } from '../support/refusal.js';

const server = serverForFile(test);

async function scrape(from: ApiServer = server()): Promise<readonly Sample[]> {
  const reply = await from.ask('/metrics');
  if (reply.status !== 200) {
    throw new Error(reply.text);
  }
  return readExposition(reply.text);
}

const requests = (samples: readonly Sample[], route: string, status: number) =>
  total(samples, 'pay_http_request_duration_seconds_count', { route, status: `${status}` }) ?? 0;

test.serial(
  'what is told is what was done: requests, payments, batches and calls for the time',
  async (t) => {
    const before = await scrape();
    const grown = (after: readonly Sample[], name: string, labels: Record<string, string> = {}) =>
      (total(after, name, labels) ?? 0) - (total(before, name, labels) ?? 0);
    const [alice, yuki] = await Promise.all([newScript(server()), newPerson(server(), 'JPY')]);
    for (const amount of ['1.00', '2.00', '3.00']) {
      t.is((await pay(server(), alice, { to: yuki.username, amount })).status, 201);
    }
    await pay(server(), alice, { to: yuki.username, amount: '5000.00' });
    await pay(server(), alice, { to: yuki.username, amount: '1.00', dryRun: true });
    await server().ask('/v1/payments/pay_secret', { token: alice.token });
    await server().ask('/secret/path');
    await server().ask('/v1/time', { token: alice.token });
    const after = await scrape();

    const ofRoute = (route: string, status: number) =>
      requests(after, route, status) - requests(before, route, status);
    t.is(ofRoute('/v1/payments', 201), 3);
    t.is(ofRoute('/v1/payments', 409), 1);
    t.is(ofRoute('/v1/payments', 200), 1);
    t.is(ofRoute('/v1/payments/{id}', 404), 1);
    t.is(ofRoute('none', 404), 1);
    t.is(grown(after, 'pay_payments_total', { kind: 'transfer', currency: 'GBP' }), 3);
    t.is(grown(after, 'pay_payments_total', { kind: 'opening_credit', currency: 'JPY' }), 1);
    t.is(grown(after, 'pay_payments_total'), 5);
    const batches = grown(after, 'pay_ledger_batch_size_count');
    t.is(grown(after, 'pay_ledger_commit_seconds_count'), batches);
    t.true(grown(after, 'pay_ledger_batch_size_sum') >= batches && batches >= 5);
    t.true(grown(after, 'pay_ledger_commit_seconds_sum') > 0);
    // Two registrations may have shared a batch; the route asks by itself.
    t.true(grown(after, 'pay_timestamp_calls_total') >= 7);
    t.is(total(after, 'pay_timestamp_failures_total'), total(before, 'pay_timestamp_failures_total'));
    t.is(total(after, 'pay_ledger_queue_length'), 0);
    t.true((total(after, 'nodejs_eventloop_lag_seconds') ?? -1) >= 0);
    t.notRegex(JSON.stringify(after), /secret/);
  },
);

test.serial('open streams and waiting deliveries are counted while they are there', async (t) => {
  const { token } = await newPerson(server());
  const agent = new Agent({ connect: { rejectUnauthorized: false } });
  t.is(total(await scrape(), 'pay_event_streams_open'), 0);
  const stream = await request(`${server().url}/v1/events`, {
    dispatcher: agent,
    headers: { authorization: `Bearer ${token}` },
  });
  const samples = await scrape();
  t.is(total(samples, 'pay_event_streams_open'), 1);
  t.is(total(samples, 'pay_webhook_deliveries_waiting'), 0);
  stream.body.on('error', () => {});
  await agent.destroy();
  await until(
    'a server that counts no stream',
    async () => total(await scrape(), 'pay_event_streams_open') === 0,
  );
});

test('the answer is the text format, also for what Prometheus itself accepts', async (t) => {
  const accept =
    'application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2';
  const reply = await server().ask('/metrics', { headers: { accept } });
  t.is(reply.status, 200);
  t.is(reply.headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8');
  const types = reply.text.match(/^# TYPE pay_\w+ \w+$/gm);
  t.is(types?.length, 15);
});

test('labels are bounded: each is a route of the contract, a status or one of a few words', async (t) => {
  const paths = new Set(Object.keys(server().contract.document.paths));
  await Promise.all(
    Array.from({ length: 20 }, (_, number) => server().ask(`/v1/users/${number}`, { method: 'DELETE' })),
  );
  for (const { labels } of (await scrape()).filter(({ name }) => name.startsWith('pay_http_'))) {
    t.true(labels.route === 'none' || paths.has(labels.route ?? ''), labels.route);
    t.regex(`${labels.method} ${labels.status}`, /^(?:GET|POST|PUT|PATCH|DELETE|none) (?:[2-5]\d\d|none)$/);
  }
});

for (const [who, expected] of [
  ['loopback', 403],
  ['anyone', 200],
] as const) {
  const title = `with PAY_METRICS=${who} an address that is not loopback gets ${expected}`;
  testWith(needsOuterAddress)(title, async (t) => {
    const flags = ['--host', outerAddress ?? ''];
    const open = await startServer({ flags, environment: { PAY_METRICS: who } });
    t.teardown(() => open.stop());
    const reply = await open.ask('/metrics');
    t.is(reply.status, expected);
    t.is(reply.json?.code, expected === 403 ? 'FORBIDDEN' : undefined);
  });
}

test('other methods are refused like everywhere', async (t) => {
  isRefused(t, await server().ask('/metrics', { method: 'POST' }), 'METHOD_NOT_ALLOWED');
});

test.serial(
  'the disk is told, which backup is the newest good one, and how long the certificate is good',
  async (t) => {
    const samples = await scrape();
    const disk = total(samples, 'pay_disk_free_bytes', {}) ?? 0;
    t.true(disk > 0 && disk <= (total(samples, 'pay_disk_size_bytes', {}) ?? 0));
    t.is(total(samples, 'pay_backup_last_success_timestamp_seconds', {}), 0);
    t.is(total(samples, 'pay_backup_failed', {}), 0);
    const yearSeconds = 365 * 86_400;
    const left =
      (total(samples, 'pay_tls_certificate_expiry_timestamp_seconds', {}) ?? 0) - Date.now() / 1_000;
    t.true(left > 9 * yearSeconds && left < 11 * yearSeconds);
  },
);
