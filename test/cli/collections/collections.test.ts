import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import anyTest, { type TestFn } from 'ava';
import { type PayServer, startPayServer } from '../support/pay-server.js';
import { type Person, registerInside } from '../support/person.js';
import { startRelay } from '../support/relay.js';
import { runPayInside } from '../support/run-pay-inside.js';
import { runInTerminal } from '../support/terminal.js';

const test = anyTest as TestFn<{ server: PayServer; ruth: Person; seth: Person }>;

test.before(async (t) => {
  const server = await startPayServer();
  t.context = {
    server,
    ruth: await registerInside(server, 'ruth', 'GBP'),
    seth: await registerInside(server, 'seth', 'GBP'),
  };
});

test.after.always(async (t) => {
  await t.context.server?.stop();
});

const asksTo = async (person: Person, name: string) =>
  ((await person.json('requests', '--incoming', '--all')) as { readonly memo: string }[]).filter(
    ({ memo }) => memo === name,
  ).length;

test('who cannot be asked is named with the reason, and the status is that of a refusal', async (t) => {
  const { ruth, seth } = t.context;
  const run = await ruth.pay('collect', 'gift', '5', '--from', 'seth', 'nobody', 'ruth', '--yes');
  t.is(run.status, 1);
  t.regex(run.stderr, /Not asked: 2 people\./);
  t.regex(run.stderr, /nobody: There is no user nobody\./);
  t.regex(run.stderr, /ruth: You cannot ask yourself/);
  t.regex(run.stdout, /^paid\t0\t1$/m);
  t.is(await asksTo(seth, 'gift'), 1);
  const none = await ruth.pay('collect', 'none', '5', '--from', 'nobody', '--yes');
  t.is(none.status, 3, none.stderr);
  t.regex(none.stderr, /Nobody was asked\./);
});

test('an answer that is lost is fetched again, and nobody is asked twice', async (t) => {
  const { server, seth } = t.context;
  const relay = await startRelay(server);
  t.teardown(() => relay.stop());
  const tess = await registerInside(relay, 'tess', 'GBP');
  relay.break(['lose-answer']);
  const first = await tess.pay('collect', 'lost', '5', '--from', 'seth', '--yes');
  t.is(first.status, 0, first.stderr);
  t.regex(first.stderr, /trying again with the same key/);
  relay.break([], 'lose-answer');
  const unknown = await tess.pay('collect', 'open end', '5', '--from', 'seth', 'ruth', '--yes');
  t.is(unknown.status, 7, unknown.stderr);
  t.is((await readdir(join(tess.folder, 'pending'))).length, 1);
  relay.break([]);
  const command = /^.*(pay collect .*--key .*)$/m.exec(unknown.stderr)?.[1] ?? '';
  t.regex(command, /--from seth,ruth /);
  const words = command.replace("'open end'", 'open_end').split(' ').slice(1);
  const settled = await runPayInside(
    words.map((word) => (word === 'open_end' ? 'open end' : word)),
    tess.environment,
  );
  t.is(settled.status, 0, settled.stderr);
  t.deepEqual(await readdir(join(tess.folder, 'pending')), []);
  t.deepEqual([await asksTo(seth, 'lost'), await asksTo(seth, 'open end')], [1, 1]);
});

test('a file may have usernames alone, or under a heading; what is wrong in it is said by line, and asks nobody', async (t) => {
  const { ruth } = t.context;
  const file = join(ruth.folder, 'people.csv');
  const collect = async (text: string | Buffer) => {
    await writeFile(file, text);
    return ruth.pay('collect', 'from a file', '5', '--from-file', file, '--dry-run', '--json');
  };
  const peopleIn = ({ stdout }: { readonly stdout: string }) =>
    (JSON.parse(stdout) as { readonly results: { readonly from: string }[] }).results.map(({ from }) => from);
  for (const good of ['seth\n', 'User,Age\nSETH,7\nseth,7\n', '\ufeffname\tusername\nSeth\tseth\n']) {
    t.deepEqual(peopleIn(await collect(good)), ['seth']);
  }
  for (const [text, reason] of [
    ['', /there is nobody in it/],
    ['username\n', /there is nobody in it/],
    ['username,amount\nseth,5\n', /it has a column amount/],
    ['seth,tess\n', /which of its columns/],
    ['username\nseth\nno body\n', /line 3: no body is no username/],
    ['"seth\n', /is no CSV/],
    [Buffer.from([0x73, 0xff]), /cannot be read/],
  ] as const) {
    const run = await collect(text);
    t.is(run.status, 2, String(text));
    t.regex(run.stderr, reason);
    t.regex(run.stderr, /Nobody was asked/);
  }
  t.is((await ruth.pay('collect', 'x', '5', '--from-file', '/nowhere.csv', '--yes')).status, 2);
});

test('a collection is found by its name in any case or by its id, and what is none is said', async (t) => {
  const { ruth } = t.context;
  const { id } = (await ruth.json('collect', 'Summer Fair', '2', '--from', 'seth', '--yes')) as {
    id: string;
  };
  for (const given of ['summer fair', id, `col_${id.at(-1)}`]) {
    t.like(await ruth.json('collections', 'show', given), { id });
  }
  const unknown = await ruth.pay('collections', 'show', 'summer fare');
  t.is(unknown.status, 3);
  t.regex(unknown.stderr, /Did you mean summer fair\?/);
  const verb = await ruth.pay('collections', 'trip');
  t.is(verb.status, 2);
  t.regex(verb.stderr, /There are show, remind, and close\./);
  t.is((await ruth.pay('collections', 'close', 'summer fair')).status, 0);
  t.is((await ruth.pay('collections', 'close', 'summer fair')).status, 0);
  t.false(((await ruth.json('collections')) as { id: string }[]).some((one) => one.id === id));
  t.true(((await ruth.json('collections', '--all')) as { id: string }[]).some((one) => one.id === id));
});

test('without a terminal it says what is missing, and asks nobody', async (t) => {
  const { ruth } = t.context;
  const run = await ruth.pay('collect');
  t.is(run.status, 2);
  t.regex(run.stderr, /<name>, <amount>,? and --from are missing/);
  t.regex((await ruth.pay('collect', 'x', '5', '--from', 'seth')).stderr, /--yes is missing/);
  t.is((await ruth.pay('collect', 'x', '5', '--from', 'seth', '--from-file', 'y', '--yes')).status, 2);
  t.is((await ruth.pay('collect', 'x', '5.001', '--from', 'seth', '--yes')).status, 2);
});

test('one person who was asked before, and is let off, is told in one sentence', async (t) => {
  const { ruth } = t.context;
  const ask = ['collect', 'cake', '5', '--from', 'seth', '--yes'];
  t.regex((await ruth.pay(...ask)).stderr, /^✓ Asked one person for cake\.$/m);
  t.regex(
    (await ruth.pay(...ask)).stderr,
    /^Nobody new is asked for cake; one person had been asked before\.$/m,
  );
  const closed = await ruth.pay('collections', 'close', 'cake', '--yes');
  t.regex(closed.stderr, /0 of 1 have paid, 0\.00 GBP came in; one person need not pay any more\.$/m);
});

test('those who were asked for another amount before stay asked for that, and it is said', async (t) => {
  const { server, seth } = t.context;
  const vera = await registerInside(server, 'vera', 'GBP');
  const collect = (amount: string, ...words: string[]) => vera.pay('collect', 'picnic', amount, ...words);
  const other =
    /! One person was asked for another amount than 60\.00 GBP before, which stays: pay collections show col_\w{10}/;
  t.is((await collect('45', '--from', 'seth', '--yes')).status, 0);
  t.regex((await collect('60', '--from', 'seth,ruth', '--dry-run')).stderr, other);
  const both = await collect('60', '--from', 'seth,ruth', '--yes');
  t.is(both.status, 0, both.stderr);
  t.regex(both.stderr, other);
  t.regex((await collect('60.0', '--from', 'ruth,seth', '--yes')).stderr, other);
  t.notRegex((await collect('60', '--from', 'ruth,ruth', '--yes')).stderr, /another amount/);
  t.is((await collect('60', '--from', 'seth', '--yes', '--json')).stderr, '');
  t.is(await asksTo(seth, 'picnic'), 1);
  await registerInside(server, 'tom', 'GBP');
  const run = runInTerminal(['collect', 'picnic', '60', '--from', 'seth,tom'], vera.environment, 200);
  await run.sees(other);
  await run.sees('Ask?');
  run.type('n\r');
  t.is(await run.ended, 1);
});
