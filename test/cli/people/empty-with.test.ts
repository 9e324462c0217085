import anyTest, { type TestFn } from 'ava';
import { type PayServer, startPayServer } from '../support/pay-server.js';
import { type Person, registerInside } from '../support/person.js';

const test = anyTest as TestFn<{ server: PayServer; alice: Person }>;

test.before(async (t) => {
  const server = await startPayServer();
  const alice = await registerInside(server, 'alice', 'GBP');
  await registerInside(server, 'robert', 'GBP');
  await registerInside(server, 'carol', 'GBP');
  await alice.json('send', 'robert', '5', '--yes');
  await alice.json('request', 'carol', '5');
  t.context = { server, alice };
});

test.after.always(async (t) => {
  await t.context.server?.stop();
});

test('a list with somebody whom one has nothing with says so, with the contact who is likely meant', async (t) => {
  const { alice } = t.context;
  const told = async (...words: string[]) => (await alice.pay(...words, '--table')).stderr;
  const none = (what: string, name: string) => `There is no ${what} between you and anybody called ${name}.`;
  t.is(await told('history', '--with', 'rober'), `${none('payment', 'rober')} Did you mean robert?\n`);
  t.is(await told('requests', '--with', 'Rober'), `${none('request', 'Rober')} Did you mean robert?\n`);
  t.is(await told('history', '--with', 'robert', '--kind', 'refund'), 'There are no such payments.\n');
  t.is(await told('requests', '--with', 'carol', '--status', 'paid'), 'There are no such requests.\n');
  t.is(await told('stats', '--with', 'rober'), `${none('payment', 'rober')} Did you mean robert?\n`);
  t.is(
    await told('stats', '--with', 'rober', '--by', 'memo'),
    `${none('payment', 'rober')} Did you mean robert?\n`,
  );
  t.is(await told('stats', '--with', 'robert'), '');
  // Whether there is somebody of the name is not told.
  t.is(await told('history', '--with', 'carol'), `${none('payment', 'carol')}\n`);
  t.is(await told('history', '--with', 'nosuch'), `${none('payment', 'nosuch')}\n`);
});

test('for programs such a list is empty and nothing is said', async (t) => {
  const { alice } = t.context;
  for (const [words, stdout] of [
    [[], ''],
    [['--json'], '[]\n'],
    [['--format', 'ndjson'], ''],
  ] as const) {
    const run = await alice.pay('history', '--with', 'rober', ...words);
    t.deepEqual(run, { status: 0, stdout, stderr: '' });
  }
});
