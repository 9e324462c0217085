import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { execa } from 'execa';
import { currencies, useCurrencies } from '../../../server/money/currency.js';
import { payServer } from '../../db/support/processes.js';
import { until } from '../../support/until.js';
import { realAdmin } from '../support/admins.js';
import { type ApiServer, startServer } from '../support/api-server.js';
import { newPerson, newScript, pay } from '../support/people.js';
import { isRefused } from '../support/refusal.js';

const club = (changes: { readonly eur?: string; readonly asOf?: string; readonly more?: string } = {}) => `
ratesAsOf = "${changes.asOf ?? '2026-11-20'}"
source = "the committee"

[currencies]
GBP = {}
EUR = { rate = "${changes.eur ?? '1.25'}" }

[currencies.PTS]
name = "Points"
symbol = "pts"
digits = 0
rate = "100"

[currencies.HRS]
name = "Hours"
digits = 2
${changes.more ?? ''}`;

let folder: string;
let file: string;
let server: ApiServer;

test.serial.before('a server starts with currencies of its own', async () => {
  // What the contract of the answers is checked with.
  const own = { name: '', symbol: '' };
  useCurrencies([
    ...currencies,
    { ...own, code: 'PTS', digits: 0 },
    { ...own, code: 'HRS', digits: 2 },
    { ...own, code: 'TOK', digits: 3 },
  ]);
  folder = await mkdtemp(join(tmpdir(), 'pay-currencies-'));
  file = join(folder, 'currencies.toml');
  await writeFile(file, club());
  server = await startServer({ dataDir: join(folder, 'data'), flags: ['--currencies', file] });
});

test.after.always('it stops', async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

const money = (amount: string, currency: string) => ({ amount, currency });

const reload = () => execa(payServer, ['rates', 'reload', '--data', server.dataDir], { reject: false });

const check = () => execa(payServer, ['check', '--data', server.dataDir], { reject: false });

async function rewrite(text: string) {
  await writeFile(file, text);
  return reload();
}

const currencyOf = async (code: string) => {
  const { json } = await server.ask('/v1/currencies');
  return json.data.find((one: { readonly code: string }) => one.code === code);
};

test.serial('the currencies are those of the file, with date and source', async (t) => {
  const { json } = await server.ask('/v1/currencies');
  t.like(json, { base: 'GBP', ratesAsOf: '2026-11-20', source: 'the committee' });
  t.deepEqual(
    json.data.map(({ code, digits, rate }: Record<string, unknown>) => [code, digits, rate]),
    [
      ['EUR', 2, '1.25'],
      ['GBP', 2, '1'],
      ['HRS', 2, null],
      ['PTS', 0, '100'],
    ],
  );
  const about = await server.ask('/v1/server');
  t.like(about.json, { currencies: ['EUR', 'GBP', 'HRS', 'PTS'], conversionSource: 'the committee' });
  isRefused(t, await server.ask('/conversion/GBP/USD/1.00'), 'NOT_FOUND');
});

test.serial(
  'money of one’s own is held, paid and converted; the payment keeps date and source',
  async (t) => {
    const [alice, pat] = [await newScript(server, 'GBP'), await newPerson(server, 'PTS')];
    t.deepEqual((await server.ask('/v1/me', { token: pat.token })).json.balance, money('100000', 'PTS'));
    const { json } = await pay(server, alice, { to: pat.username, amount: '1.50' });
    t.like(json, {
      ...{ sent: money('1.50', 'GBP'), received: money('150', 'PTS'), rate: '100' },
      ...{ ratesAsOf: '2026-11-20', ratesSource: 'the committee' },
    });
    const shown = await server.ask(`/v1/payments/${json.id}`, { token: pat.token });
    t.like(shown.json, { ratesAsOf: '2026-11-20', ratesSource: 'the committee' });
    const { json: quote } = await server.ask('/conversion/GBP/PTS/1.50');
    t.like(quote, { converted: '150', rate: '100', ratesAsOf: '2026-11-20' });
  },
);

test.serial('what has no rate converts to nothing, and is paid among those who hold it', async (t) => {
  const [alice, hugo] = [await newScript(server, 'GBP'), await newScript(server, 'HRS')];
  t.deepEqual((await server.ask('/v1/me', { token: hugo.token })).json.balance, money('0.00', 'HRS'));
  isRefused(t, await pay(server, alice, { to: hugo.username, amount: '1.00' }), 'NOT_CONVERTIBLE');
  isRefused(t, await server.ask('/conversion/GBP/HRS/1.00'), 'NOT_CONVERTIBLE');
  t.is((await server.ask('/conversion/HRS/HRS/1.00')).json.converted, '1.00');
  const root = await realAdmin(server);
  const credit = { username: hugo.username, amount: '2.00', direction: 'credit', reason: 'worked' };
  t.is(
    (await server.ask('/v1/admin/adjustments', { token: root.token, key: 'hours', send: credit })).status,
    201,
  );
  const ines = await newPerson(server, 'HRS');
  const { json } = await pay(server, hugo, { to: ines.username, amount: '0.25' });
  t.like(json, { received: money('0.25', 'HRS'), rate: '1', ratesAsOf: null, ratesSource: null });
});

test.serial('a reload reaches the ledger and whoever asks at once, and is in the audit trail', async (t) => {
  const [alice, eve] = [await newScript(server, 'GBP'), await newPerson(server, 'EUR')];
  const send = { to: eve.username, amount: '1.00' };
  const before = await pay(server, alice, send);
  const { exitCode, stdout } = await rewrite(club({ eur: '1.50', asOf: '2026-11-27' }));
  t.deepEqual([exitCode, stdout], [0, 'In force now: 4 currencies, rates of 2026-11-27 (the committee).']);
  t.is((await currencyOf('EUR')).rate, '1.50');
  const dry = await server.ask('/v1/payments', { token: alice.token, send: { ...send, dryRun: true } });
  t.like(dry.json, { received: money('1.50', 'EUR'), ratesAsOf: '2026-11-27' });
  t.like((await pay(server, alice, { ...send, memo: 'after' })).json, { received: money('1.50', 'EUR') });
  const old = await server.ask(`/v1/payments/${before.json.id}`, { token: alice.token });
  t.like(old.json, { received: money('1.25', 'EUR'), ratesAsOf: '2026-11-20' });
  const refund = await server.ask(`/v1/payments/${before.json.id}/refunds`, {
    ...{ token: eve.token, key: 'back', send: {} },
  });
  t.like(refund.json, { sent: money('1.25', 'EUR'), ratesAsOf: '2026-11-20' });
  const root = await realAdmin(server);
  const trail = await server.ask('/v1/admin/audit?action=rates.changed', { token: root.token });
  t.like(trail.json.data[0], {
    ...{ action: 'rates.changed', actor: null, subject: 'the committee' },
    before: { ratesAsOf: '2026-11-20', source: 'the committee', rates: { EUR: '1.25' } },
    after: { ratesAsOf: '2026-11-27', source: 'the committee', rates: { EUR: '1.50' } },
  });
});

test.serial('SIGHUP reads the file again, too', async (t) => {
  const { pid } = JSON.parse(await readFile(join(server.dataDir, 'pay.db.running'), 'utf8'));
  await writeFile(file, club({ eur: '1.60', asOf: '2026-11-28' }));
  process.kill(pid, 'SIGHUP');
  await until('the new rate', async () => (await currencyOf('EUR')).rate === '1.60');
  t.is((await server.ask('/v1/currencies')).json.ratesAsOf, '2026-11-28');
});

test.serial('a file that is wrong is refused with line and reason, and the old one stays', async (t) => {
  const before = (await server.ask('/v1/currencies')).json;
  for (const [text, reason] of [
    [club({ eur: '1e3' }), /currencies\.toml, line 7: currencies\.EUR\.rate: a rate is a decimal/],
    [club().replace('GBP = {}', ''), /GBP is none of the currencies/],
    [club().replace('digits = 0', 'digits = 1'), /PTS cannot have 1 digits instead of 0: there are accounts/],
    [
      club().replace(/\[currencies\.HRS\][^[]*/, ''),
      /HRS cannot go: there are accounts in it\. To keep it, list it in .*currencies\.toml as it was\./,
    ],
  ] as const) {
    const { exitCode, stderr } = await rewrite(text);
    t.is(exitCode, 1);
    t.regex(stderr, reason);
    t.regex(stderr, /stay as they were/);
    t.deepEqual((await server.ask('/v1/currencies')).json, before);
  }
  await rm(file);
  t.regex((await reload()).stderr, /cannot be read \(ENOENT\)/);
});

test.serial(
  'a currency may come, change while nobody uses it, and go; nobody is registered in it then',
  async (t) => {
    const coin = (digits: number) => `\n[currencies.TOK]\nname = "Tokens"\ndigits = ${digits}\nrate = "3"\n`;
    for (const digits of [6, 2]) {
      t.is((await rewrite(club({ more: coin(digits) }))).exitCode, 0);
      t.is((await currencyOf('TOK')).digits, digits);
    }
    t.is((await rewrite(club())).exitCode, 0);
    t.is(await currencyOf('TOK'), undefined);
    t.is((await check()).exitCode, 0);
    t.is((await rewrite(club({ more: coin(3) }))).exitCode, 0);
    const kim = await newPerson(server, 'TOK');
    t.deepEqual((await server.ask('/v1/me', { token: kim.token })).json.balance, money('3000.000', 'TOK'));
  },
);

test.serial('a currency goes once the limit that was set in it is cleared', async (t) => {
  const root = await realAdmin(server);
  const limit = (perDay: string | null) =>
    server.ask('/v1/admin/limits/currencies/JPY', {
      ...{ method: 'PUT', token: root.token, send: { perDay, reason: 'test' } },
    });
  const yen = '\n[currencies.JPY]\nrate = "190"\n';
  const tokens = '\n[currencies.TOK]\nname = "Tokens"\ndigits = 3\nrate = "3"\n';
  t.is((await rewrite(club({ more: tokens + yen }))).exitCode, 0);
  t.is((await limit('5')).status, 200);
  const refused = await rewrite(club({ more: tokens }));
  t.regex(refused.stderr, /JPY cannot go: a limit is set in it; clear that first/);
  t.is((await limit(null)).status, 200);
  t.is((await reload()).exitCode, 0);
  t.is(await currencyOf('JPY'), undefined);
});

test.serial('the books are sound, and the check knows the currencies from them', async (t) => {
  const { stdout, stderr, exitCode } = await check();
  t.is(exitCode, 0, stdout || stderr);
  t.regex(stdout, /PTS/);
});

test.serial('the start refuses a file that takes away what accounts use', async (t) => {
  await server.stop();
  const flags = ['start', '--data', server.dataDir, '--port', '0', '--time-port', '0'];
  const { exitCode, stderr } = await execa(payServer, flags, { reject: false });
  t.is(exitCode, 1);
  t.regex(
    stderr,
    /cannot go: there are accounts in it\. To keep it, start with --currencies and a file that lists it\.$/,
  );
});
