import anyTest, { type TestFn } from 'ava';
import type { RequestJson } from '../../server/features/requests/wire.js';
import { type PayServer, startPayServer } from './support/pay-server.js';
import { type Person, registerInside, stranger } from './support/person.js';
import { runInTerminal, type TerminalRun } from './support/terminal.js';

const test = anyTest as TestFn<{ server: PayServer; alice: Person; bob: Person; asked: string }>;

const enter = '\r';
const down = '\u001b[B';
const tab = '\t';
const controlC = '\u0003';
const backspace = '\u007f';

test.before(async (t) => {
  const server = await startPayServer();
  const alice = await registerInside(server, 'alice', 'GBP');
  const bob = await registerInside(server, 'bob', 'USD');
  await registerInside(server, 'carol', 'JPY');
  await alice.json('send', 'bob', '10', '--memo', 'lunch', '--yes');
  const { id } = (await bob.json('request', 'alice', '12', '--memo', 'tea')) as RequestJson;
  t.context = { server, alice, bob, asked: id };
});

test.after.always(async (t) => {
  await t.context.server?.stop();
});

async function money({ alice, bob }: { alice: Person; bob: Person }): Promise<unknown> {
  const all = [alice, bob].map(async (person) => [
    await person.json('balance'),
    ((await person.json('history', '--all')) as unknown[]).length,
    ((await person.json('requests')) as unknown[]).length,
  ]);
  return await Promise.all(all);
}

test.serial('a contact is suggested, and both amounts are shown while one is typed', async (t) => {
  const run = runInTerminal(['send'], t.context.alice.environment);
  await run.sees('Whom to pay:');
  await run.sees('bob  you paid 10.00 GBP, just now');
  run.type('b');
  await run.sees('bob  you paid');
  run.type(tab);
  await run.sees('❯ bob');
  run.type(enter);
  await run.sees('How much (GBP):');
  run.type('2');
  await run.sees('you pay 2.00 GBP, bob receives 2.54 USD');
  run.type('.505');
  await run.sees('at most 2 decimals');
  run.type(`${backspace} usd`);
  await run.sees('you pay 1.97 GBP, bob receives 2.50 USD');
  run.type(enter);
  await run.sees(/you pay +1\.97 GBP\r\n +bob receives +2\.50 USD/);
  await run.sees('Pay bob 1.97 GBP?');
  run.type(`y${enter}`);
  t.is(await run.ended, 0);
  t.regex(run.text(), /Paid 1\.97 GBP to bob, who received 2\.50 USD/);
});

test.serial('a new name may be typed; whom there is not is said at once, and asked for again', async (t) => {
  const run = runInTerminal(['send'], t.context.alice.environment);
  await run.sees('Whom to pay:');
  run.type(`nobody${enter}`);
  await run.sees('There is no user nobody');
  await run.sees('Whom to pay:');
  run.type(`1,5${enter}`);
  await run.sees('"1,5" is no username. At most 100 of');
  run.type(`${backspace.repeat(3)}ALICE${enter}`);
  await run.sees('That is you.');
  run.type(`${backspace.repeat(5)}carol${enter}`);
  await run.sees('How much (GBP):');
  run.type('1');
  await run.sees('you pay 1.00 GBP, carol receives 190 JPY');
  run.type(controlC);
  t.is(await run.ended, 130);
});

test.serial('a name that nobody can have is refused before anything is asked', async (t) => {
  const { alice } = t.context;
  for (const words of [
    ['send', '1,5'],
    ['send', '1,5', '10'],
    ['send', '...', '10', '--yes'],
    ['request', 'b ob'],
  ]) {
    const run = runInTerminal(words, alice.environment);
    t.is(await run.ended, 2, words.join(' '));
    t.regex(run.text(), /^✗ "(?:1,5|\.\.\.|b ob)" is no username\. At most 100 of /, words.join(' '));
    t.false(run.text().includes('--with'));
  }
});

test.serial('what is said of an answer is broken between words', async (t) => {
  const run = runInTerminal(['send', 'bob'], t.context.alice.environment, 60);
  await run.sees('How much (GBP):');
  run.type('1,000.50');
  const typed = await run.shows(({ lines }) => lines.length > 2);
  t.deepEqual(typed.lines.slice(1), [
    'Write the amount without separators between the digits, and',
    'with a point before the decimals, such as "12.50".',
  ]);
  run.type(enter);
  const entered = await run.shows(({ lines }) => lines[1]?.startsWith('> ') === true);
  t.deepEqual(entered.lines.slice(1), [
    '> Write the amount without separators between the digits,',
    '  and with a point before the decimals, such as "12.50".',
  ]);
  run.type(controlC);
  t.is(await run.ended, 130);
});

test.serial('what stands in the line is paid, never a suggestion that only stood below it', async (t) => {
  const run = runInTerminal(['send'], t.context.alice.environment);
  await run.sees('bob  you paid');
  run.type(`bo${enter}`);
  await run.sees('There is no user bo.');
  await run.sees('Whom to pay:');
  run.type(enter);
  await run.sees('Type a username, or choose one');
  run.type(controlC);
  t.is(await run.ended, 130);
});

test.serial('asking for money suggests the same people and shows what they would pay', async (t) => {
  const { alice } = t.context;
  const run = runInTerminal(['request', '--memo', 'book'], alice.environment);
  await run.sees('Whom to ask:');
  run.type(`bob${enter}`);
  await run.sees('How much (GBP):');
  run.type('3');
  await run.sees('bob pays 3.81 USD, you receive 3.00 GBP');
  run.type(enter);
  t.is(await run.ended, 0);
  t.regex(run.text(), /Asked bob for 3\.00 GBP\./);
});

type Step = readonly [seen: string, typed: string];

/** Every question of every command that asks: what is typed until it stands there. */
function questions(id: string): readonly (readonly [readonly string[], readonly Step[]])[] {
  const name: Step = ['Whom to pay:', `bob${enter}`];
  return [
    [['send'], [['Whom to pay:', '']]],
    [['send'], [name, ['How much (GBP):', '5']]],
    [['send', 'bob', '5'], [['Pay bob 5.00 GBP?', 'y']]],
    [['request'], [['Whom to ask:', 'b']]],
    [['request', 'bob'], [['How much (GBP):', '']]],
    [['request', 'bob', 'carol', '9', '--split'], [['Ask these 2?', '']]],
    [['requests', 'accept'], [['Which one to pay?', '']]],
    [
      ['requests', 'accept'],
      [
        ['Which one to pay?', enter],
        ['Pay bob 9.45 GBP?', 'y'],
      ],
    ],
    [['requests', 'decline'], [['Which one to decline?', down]]],
    [['refund', id], [['Give alice back', '']]],
    [['login'], [['Username:', '']]],
    [['login', 'alice'], [['Password:', 'x']]],
    [['register'], [['Username:', 'erin']]],
    [['register', 'erin'], [['Email:', '']]],
    [['register', 'erin', '--email', 'erin@example.org'], [['Currency', 'yen']]],
    [['register', 'erin', '--email', 'erin@example.org', '--currency', 'EUR'], [['Password:', '']]],
    [['password'], [['Current password:', '']]],
    [['tokens', 'create'], [['What it is for:', '']]],
    [['show'], [['payment', '']]],
    [['convert'], [['Amount:', '']]],
  ].map(([words, steps]) => [words, steps] as readonly [readonly string[], readonly Step[]]);
}

async function walk(run: TerminalRun, steps: readonly Step[]): Promise<void> {
  for (const [seen, typed] of steps) {
    await run.sees(seen);
    run.type(typed);
  }
}

test.serial('Ctrl-C at each question of each command ends with 130, and nothing has moved', async (t) => {
  t.timeout(180_000);
  const { alice, bob } = t.context;
  const before = await money(t.context);
  const [paid] = (await bob.json('history', '--direction', 'received')) as {
    id: string;
    from: string | null;
  }[];
  for (const [words, steps] of questions(paid?.id ?? '')) {
    const person = words[0] === 'refund' ? bob : alice;
    const run = runInTerminal(words, person.environment);
    await walk(run, steps);
    run.type(controlC);
    t.is(await run.ended, 130, words.join(' '));
    t.regex(run.text(), /Interrupted\. Nothing happened\./, words.join(' '));
  }
  t.deepEqual(await money(t.context), before);
});

test.serial(
  'without a terminal each of them fails at once, names what is missing, and moves nothing',
  async (t) => {
    t.timeout(180_000);
    const { alice, asked } = t.context;
    const before = await money(t.context);
    for (const [words, missing] of [
      [['send'], /<user> and <amount> are missing/],
      [['send', 'bob'], /<amount> is missing/],
      [['send', 'bob', '5'], /--yes is missing/],
      [['request'], /<user> and <amount> are missing/],
      [['request', 'bob'], /<amount> is missing/],
      [['requests', 'accept'], /<id> and --yes are missing/],
      [['requests', 'accept', asked], /--yes is missing/],
      [['requests', 'decline'], /<id> is missing/],
      [['requests', 'cancel'], /<id> is missing/],
      [['requests', 'remind'], /<id> is missing/],
      [['requests', 'show'], /<id> is missing/],
      [['login'], /--username and --password-stdin are missing/],
      [['register'], /--username, --email, --currency,? and --password-stdin are missing/],
      [['password'], /--password-stdin is missing/],
      [['tokens', 'create'], /--name is missing/],
      [['sessions', 'end'], /<id> is missing/],
      [['tokens', 'revoke'], /<id> is missing/],
      [['convert'], /<amount>, <from>,? and <to> are missing/],
      [['show'], /<id> is missing/],
      [['refund'], /<id>/],
      [['block'], /<user> is missing/],
      [['unblock'], /<user> is missing/],
    ] as const) {
      const { status, stdout, stderr } = await alice.pay(...words);
      t.is(status, 2, `${words.join(' ')}: ${stderr}`);
      t.is(stdout, '');
      t.regex(stderr, missing, words.join(' '));
    }
    t.deepEqual(await money(t.context), before);
  },
);

test.serial('who is not logged in is asked for nothing that needs it', async (t) => {
  const { environment } = await stranger({ PAY_SERVER: t.context.server.url });
  for (const words of [
    ['block'],
    ['unblock'],
    ['webhooks', 'add'],
    ['tokens', 'create'],
    ['admin', 'invite'],
    ['admin', 'add-users'],
  ]) {
    const run = runInTerminal(words, environment);
    t.is(await run.ended, 4, words.join(' '));
    t.regex(run.text(), /→ Log in: pay login/);
  }
  const converting = runInTerminal(['convert'], environment);
  await converting.sees('Amount:');
  converting.type(controlC);
  t.is(await converting.ended, 130);
});
