import anyTest, { type TestFn } from 'ava';
import { readLink } from '../../../cli/links/payto.js';
import { type PayServer, startPayServer } from '../support/pay-server.js';
import { type Person, password, registerInside } from '../support/person.js';
import { readQrOnScreen } from '../support/read-qr.js';
import { type Relay, startRelay } from '../support/relay.js';
import { runPayInside } from '../support/run-pay-inside.js';
import { runInTerminal } from '../support/terminal.js';

const test = anyTest as TestFn<{ server: PayServer; elsewhere: Relay; ruth: Person; seth: Person }>;

test.before(async (t) => {
  const server = await startPayServer();
  t.context = {
    server,
    // The same server under another address is another server to the command line.
    elsewhere: await startRelay(server),
    ruth: await registerInside(server, 'ruth', 'GBP'),
    seth: await registerInside(server, 'seth', 'GBP'),
  };
});

test.after.always(async (t) => {
  await t.context.elsewhere?.stop();
  await t.context.server?.stop();
});

const balanceOf = async (person: Person) => ((await person.json('balance')) as { amount: string }).amount;
const linkOf = (server: PayServer, rest: string) => `payto://x-pay/${new URL(server.url).host}/${rest}`;

/** The link that a camera reads on a terminal of 80 columns that shows this command. */
async function scanned(person: Person, ...words: string[]): Promise<string | undefined> {
  const run = runInTerminal(words, person.environment);
  await run.ended;
  const { lines } = await run.shows(() => true);
  return readQrOnScreen(lines.filter((line) => /^[█▀▄ ]{20,}$/.test(line.padEnd(20))));
}

test.serial('a camera reads from the screen whom to pay, and what a request asks for', async (t) => {
  const { server, ruth } = t.context;
  t.is(await scanned(ruth, 'whoami', '--qr'), linkOf(server, 'ruth'));
  t.is(
    await scanned(ruth, 'request', 'seth', '12', '--memo', 'lunch & more', '--qr'),
    linkOf(server, 'ruth?amount=GBP:12.00&message=lunch%20%26%20more'),
  );
});

test.serial('a pipe and JSON have the link itself, and a dumb terminal has no blocks', async (t) => {
  const { server, ruth } = t.context;
  const link = linkOf(server, 'ruth');
  t.like(await ruth.json('whoami', '--qr'), { username: 'ruth', link });
  t.true((await ruth.pay('whoami', '--qr')).stdout.endsWith(`\nlink\t${link}\n`));
  const asked = (await ruth.json('request', 'seth', '3', '--qr')) as { link: string };
  t.like(readLink(asked.link), { user: 'ruth', sum: { amount: '3.00', currency: 'GBP' } });
  const dumb = runInTerminal(['whoami', '--qr'], { ...ruth.environment, TERM: 'dumb' });
  t.is(await dumb.ended, 0);
  t.true(dumb.text().includes(link));
  t.notRegex(dumb.text(), /[█▀▄]/);
  t.is((await ruth.pay('request', 'seth', '9', '--split', '--qr')).status, 2);
});

test.serial('a link fills in whom, how much and what for, and a person is asked as ever', async (t) => {
  const { server, ruth, seth } = t.context;
  const before = await balanceOf(ruth);
  const run = runInTerminal(['send', linkOf(server, 'ruth?amount=GBP:4.25&message=tea')], seth.environment);
  await run.sees(/memo +tea/);
  await run.sees('Pay ruth 4.25 GBP?');
  run.type('y\r');
  t.is(await run.ended, 0);
  t.is(Number(await balanceOf(ruth)), Number(before) + 4.25);
  const script = await seth.json('send', linkOf(server, 'ruth'), '2', '--memo', 'own', '--yes');
  t.like(script, { to: 'ruth', memo: 'own', sent: { amount: '2.00', currency: 'GBP' } });
});

test.serial('a link that is wrong pays nothing and says why', async (t) => {
  const { server, seth } = t.context;
  const before = await balanceOf(seth);
  for (const [rest, words, reason] of [
    ['ruth?amount=GBP:1&amount=GBP:100', [], /says twice what its amount is/],
    ['ruth?amount=ZZZ:1', [], /ZZZ, which is no currency here/],
    ['ruth?amount=GBP:1.005', [], /The amount of the link, 1\.005, is none/],
    ['ruth?message=%1B%5B2J', ['5'], /control characters/],
    ['ruth?amount=GBP:1', ['100'], /says how much; leave out the amount/],
  ] as const) {
    const run = await seth.pay('send', linkOf(server, rest), ...words, '--yes');
    t.is(run.status, 2, run.stderr);
    t.regex(run.stderr, reason);
    t.regex(run.stderr, /Nothing was paid/);
  }
  t.is(await balanceOf(seth), before);
});

test.serial('a link to another server is refused without a terminal, and with --yes', async (t) => {
  const { elsewhere, seth } = t.context;
  const link = linkOf(elsewhere, 'ruth?amount=GBP:1');
  const before = await balanceOf(seth);
  for (const flags of [[], ['--yes'], ['--yes', '--json']]) {
    const run = await seth.pay('send', link, ...flags);
    t.is(run.status, 2, run.stderr);
    t.true(run.stderr.includes(`The link leads to ${elsewhere.url}`));
  }
  const yes = runInTerminal(['send', link, '--yes'], seth.environment);
  t.is(await yes.ended, 2);
  t.is(await balanceOf(seth), before);
});

test.serial('in a terminal it is asked where: nowhere, here, or by a profile there', async (t) => {
  const { server, elsewhere, seth } = t.context;
  const link = linkOf(elsewhere, 'ruth?amount=GBP:1.50&message=where');
  const login = await runPayInside(
    [
      ...['login', 'seth', '--profile', 'there', '--server', elsewhere.url],
      ...['--fingerprint', elsewhere.fingerprint, '--password-stdin'],
    ],
    seth.environment,
    `${password}\n`,
  );
  t.is(login.status, 0, login.stderr);
  const before = Number(await balanceOf(seth));
  const nowhere = runInTerminal(['send', link], seth.environment);
  await nowhere.sees(`The link leads to ${elsewhere.url}, and you are at ${server.url}`.slice(0, 40));
  await nowhere.sees('Where to pay?');
  nowhere.type('\u001b[B\r');
  t.is(await nowhere.ended, 2);
  t.is(Number(await balanceOf(seth)), before);

  const there = runInTerminal(['send', link], seth.environment);
  await there.sees('there, as there');
  there.type('\r');
  await there.sees('Pay ruth 1.50 GBP?');
  there.type('y\r');
  t.is(await there.ended, 0, there.text());
  t.is(Number(await balanceOf(seth)), before - 1.5);
});
