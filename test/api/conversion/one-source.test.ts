import { join } from 'node:path';
import test from 'ava';
import { execa } from 'execa';
import { payServer } from '../../db/support/processes.js';
import { type ApiServer, startServer } from '../support/api-server.js';
import { type ConversionService, startConversionService } from '../support/conversion-service.js';
import { newPerson, newScript, type Person, pay } from '../support/people.js';
import { isRefused } from '../support/refusal.js';

const worth = { GBP: [1n, 1n], USD: [2n, 1n], JPY: [37n, 10n], KWD: [1n, 3n] } as const;

let service: ConversionService;
let server: ApiServer;
let alice: Person;
let bob: Person;

test.serial.before('a server starts that asks another service for all rates', async () => {
  service = await startConversionService(worth);
  server = await startServer({ flags: ['--conversion-url', service.url] });
  alice = await newScript(server, 'GBP');
  bob = await newPerson(server, 'USD');
});

test.after.always('both stop', async () => {
  await server.stop();
  await service.close();
});

const program = join(payServer, '../pay');

const money = (amount: string, currency: string) => ({ amount, currency });
const send = () => ({ to: bob.username, amount: '10.00' });

/** The rate of the dollar, by everything that says so. */
async function dollarsFor10() {
  const [list, quote, dry] = await Promise.all([
    server.ask('/v1/currencies'),
    server.ask('/conversion/GBP/USD/10.00'),
    server.ask('/v1/payments', { token: alice.token, send: { ...send(), dryRun: true } }),
  ]);
  const { rate } = list.json.data.find(({ code }: { readonly code: string }) => code === 'USD');
  return [(Number(rate) * 10).toFixed(2), quote.json.converted, dry.json.received.amount];
}

test.serial(
  'payments, quotes and the list of rates have one source, and name it with its date',
  async (t) => {
    t.deepEqual(await dollarsFor10(), ['20.00', '20.00', '20.00']);
    t.like((await server.ask('/v1/currencies')).json, { source: service.url, ratesAsOf: '2026-01-01' });
    t.is((await server.ask('/v1/server')).json.conversionSource, service.url);
    t.is((await server.ask('/conversion/GBP/USD/10.00')).json.ratesAsOf, '2026-01-01');
    const { json } = await pay(server, alice, send());
    t.like(json, {
      received: money('20.00', 'USD'),
      ratesAsOf: '2026-01-01',
      ratesSource: service.url,
    });
    t.is((await server.ask(`/v1/payments/${json.id}`, { token: alice.token })).text, JSON.stringify(json));
  },
);

test.serial('pay convert and pay rates say the same', async (t) => {
  const env = { PAY_SERVER: server.url, PAY_CA: join(server.dataDir, 'tls.crt') };
  const convert = await execa(program, ['convert', '10', 'GBP', 'USD', '--json'], { env });
  t.like(JSON.parse(convert.stdout), { converted: '20.00', ratesAsOf: '2026-01-01' });
  const rates = await execa(program, ['rates', '--json'], { env });
  t.regex(rates.stdout, /"USD"[^}]*"rate":\s*"2"/);
});

test.serial(
  'while it is down nothing is done, and the command line says so with exit status 6',
  async (t) => {
    service.behave(({ socket }) => void socket.destroy());
    isRefused(t, await server.ask('/conversion/GBP/USD/10.00'), 'CONVERSION_UNAVAILABLE');
    isRefused(t, await pay(server, alice, send()), 'CONVERSION_UNAVAILABLE', { detail: /nothing was done/ });
    t.is((await server.ask('/v1/currencies')).json.source, service.url);
    const env = {
      ...{ PAY_SERVER: server.url, PAY_CA: join(server.dataDir, 'tls.crt'), PAY_TOKEN: alice.token },
      PAY_CONFIG_DIR: join(server.dataDir, 'pay'),
    };
    const tried = await execa(program, ['send', bob.username, '10', '--yes'], { env, reject: false });
    t.is(tried.exitCode, 6, tried.stderr);
    t.regex(tried.stderr, /Nothing was done/);
    service.behave();
  },
);

test.serial('a rate more than a tenth off is refused until an operator allows it', async (t) => {
  const leapt = await startConversionService({ ...worth, USD: [3n, 1n] });
  t.teardown(() => leapt.close());
  service.behave(async ({ url }, response) => {
    const answer = await fetch(`${leapt.url}${url}`);
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(await answer.text());
  });
  isRefused(t, await pay(server, alice, send()), 'CONVERSION_UNAVAILABLE', {
    detail: /GBP, USD.*more than a tenth off.*pay-server rates reload/,
  });
  isRefused(t, await server.ask('/conversion/GBP/USD/10.00'), 'CONVERSION_UNAVAILABLE');
  const { stdout } = await execa(payServer, ['rates', 'reload', '--data', server.dataDir]);
  t.is(stdout, `In force now: 47 currencies, rates of 2026-01-01 (${service.url}).`);
  t.deepEqual(await dollarsFor10(), ['30.00', '30.00', '30.00']);
  t.like((await pay(server, alice, send())).json, { received: money('30.00', 'USD') });
});
