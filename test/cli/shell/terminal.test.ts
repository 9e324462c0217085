import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import anyTest, { type ExecutionContext, type TestFn } from 'ava';
import { type LastingPayServer, startPayServer } from '../support/pay-server.js';
import { type Person, password, register, stranger } from '../support/person.js';
import { startRelay } from '../support/relay.js';
import { runInTerminal, type TerminalRun } from '../support/terminal.js';

interface Everyone {
  readonly server: LastingPayServer;
  readonly alice: Person;
  readonly bob: Person;
}

const test = anyTest as TestFn<Everyone>;

const enter = '\r';
const tab = '\t';
const up = '\u001b[A';
const left = '\u001b[D';
const controlA = '\u0001';
const controlC = '\u0003';
const controlD = '\u0004';

test.before(async (t) => {
  const server = await startPayServer();
  const alice = await register(server, 'alice', 'GBP');
  const bob = await register(server, 'bob', 'USD');
  await alice.json('send', 'bob', '1', '--yes');
  t.context = { server, alice, bob };
});

test.after.always(async (t) => {
  await t.context.server?.stop();
});

const balanceOf = async (person: Person) => (await person.json('balance')) as { amount: string };
const inPrompt = async (person: Person) =>
  Number((await balanceOf(person)).amount).toLocaleString('en-GB', { minimumFractionDigits: 2 });

/** A shell at its first prompt; it is ended with the test. */
async function shell(
  t: ExecutionContext<Everyone>,
  person: Person,
  columns = 80,
  ...words: string[]
): Promise<TerminalRun> {
  const run = runInTerminal(['shell', ...words], person.environment, columns);
  t.teardown(() => run.kill('SIGKILL'));
  await run.sees(/Ctrl-D\s+leaves/);
  await run.sees('› ');
  return run;
}

const last = (lines: readonly string[]) => lines.at(-1) ?? '';

test.serial('the prompt shows who one is and what one has, and follows a payment', async (t) => {
  const { alice } = t.context;
  const { amount } = await balanceOf(alice);
  t.is(amount, '999.00');
  const run = await shell(t, alice);
  await run.shows(({ lines }) => last(lines) === `alice ${amount} GBP ›`);
  run.type(`send bob 10 --memo "two  words" --yes${enter}`);
  await run.sees('Paid 10.00 GBP to bob');
  await run.shows(({ lines }) => last(lines) === `alice ${(Number(amount) - 10).toFixed(2)} GBP ›`);
  t.regex(run.text(), /memo +two {2}words/);
  run.type(`show pay_nothing${enter}`);
  await run.sees('✗');
  await run.shows(({ lines }) => last(lines).endsWith(' 3 ›'));
  run.type(controlD);
  t.is(await run.ended, 0);
  t.is(run.text().match(/Goodbye/g)?.length, 1);
});

test.serial('money that arrives is announced above a half-typed line, which stays as it is', async (t) => {
  const { alice, bob } = t.context;
  const run = await shell(t, alice, 60);
  const typed = 'send bob 5 --memo 日本語のメモ and much more than fits on one line';
  run.type(typed + left.repeat(4));
  await run.shows(({ lines }) => lines.join('').includes('one line'));
  const before = await run.shows(({ lines }) => lines.join('').includes('one line'));
  await bob.json('send', 'alice', '2', '--yes', '--memo', 'a\u200b[2Jb');
  await run.shows(({ lines }) =>
    /• \d\d:\d\d:\d\d {2}bob paid you 1\.57 GBP: a‹U\+200B›\[2Jb\n/.test(lines.join('\n')),
  );
  const settled = await run.shows(({ lines }) => lines.join('').includes('one line'));
  const lineOf = (lines: readonly string[]) =>
    lines.slice(lines.findIndex((line) => line.startsWith('alice '))).join('');
  const balance = await inPrompt(alice);
  const whole = await run.shows(({ lines }) =>
    lines.some((line) => line.startsWith(`alice ${balance} GBP › send`)),
  );
  t.is(lineOf(whole.lines).replace(/^.*› /, ''), lineOf(before.lines).replace(/^.*› /, ''));
  t.is(settled.cursor.column, before.cursor.column);
  run.type('X');
  await run.shows(({ lines }) => lines.join('').includes('one Xline'));
  run.type(controlC);
  await run.shows(({ lines }) => last(lines) === `alice ${balance} GBP ›`);
});

test.serial('while a question is open an announcement waits', async (t) => {
  const { alice, bob } = t.context;
  const run = await shell(t, alice);
  run.type(`send bob 6${enter}`);
  await run.sees('(y/N)');
  await bob.json('request', 'alice', '3', '--memo', 'coffee');
  run.type(enter);
  await run.sees('Not paid.');
  await run.sees('bob asks you for 3.00 USD: coffee');
  await run.sees('→ requests accept req_');
  await run.sees('› ');
  const text = run.text();
  t.true(text.indexOf('Not paid.') < text.indexOf('bob asks you'));
});

test.serial('two fast Tabs complete the flag that is begun', async (t) => {
  const { alice } = t.context;
  const run = await shell(t, alice);
  run.type(`send bob 5 --m${tab}${tab}`);
  await run.sees('--memo');
  await run.sees('--mode');
  const { lines } = await run.shows((view) => last(view.lines).endsWith('› send bob 5 --m'));
  t.notRegex(lines.join('\n'), /AED|Dirham/);
  run.type(controlC);
  run.type(`send bob 5 --me${tab}${tab}`);
  await run.shows((view) => last(view.lines).endsWith('› send bob 5 --memo'));
  run.type('lunch');
  await run.shows((view) => last(view.lines).endsWith('› send bob 5 --memo lunch'));
  t.pass();
  run.type(controlC);
  run.type(controlD);
  await run.ended;
});

test.serial('watch that is ended with Ctrl-C has not failed', async (t) => {
  const { alice } = t.context;
  const run = await shell(t, alice);
  run.type(`watch${enter}`);
  await run.sees('Watching. Ctrl-C ends it.');
  run.type(controlC);
  await run.sees('– Interrupted.');
  await run.shows((view) => /GBP ›$/.test(last(view.lines)));
  t.notRegex(run.text(), /✗|130/);
  run.type(controlD);
  await run.ended;
});

test.serial('Ctrl-C drops what it finds, and never leaves', async (t) => {
  const { alice } = t.context;
  const before = await balanceOf(alice);
  const run = await shell(t, alice);
  run.type(controlC);
  await run.sees('^C');
  run.type(`send bob 5 --yes${controlC}`);
  await run.sees('^C');
  run.type(`send "bob${enter}`);
  await run.sees('> ');
  run.type(controlC);
  await run.sees('^C');
  run.type(`send bob 5${enter}`);
  await run.sees('(y/N)');
  run.type(controlC);
  await run.sees('Interrupted. Nothing happened.');
  run.type(`send bob 5${enter}`);
  await run.sees('(y/N)');
  // Ctrl-D at a question drops the question; the shell is left with the next one.
  run.type(controlD);
  await run.sees('Interrupted. Nothing happened.');
  await run.sees('130 ›');
  run.type(`watch${enter}`);
  await run.sees('Watching');
  run.type(controlC);
  await run.sees('Interrupted.');
  await run.sees('› ');
  run.type(`whoami${enter}`);
  await run.sees('username');
  await run.sees('› ');
  t.deepEqual(await balanceOf(alice), before);
  run.type(`exit${enter}`);
  t.is(await run.ended, 0);
});

test.serial('Tab completes commands, flags, and values as they are now', async (t) => {
  const { alice, bob } = t.context;
  const { id } = (await bob.json('request', 'alice', '4', '--memo', 'tea')) as { id: string };
  const run = await shell(t, alice, 100);
  run.type(`bal${tab}`);
  await run.shows(({ lines }) => last(lines).endsWith('› balance'));
  run.type(`${controlC}send b${tab}`);
  await run.shows(({ lines }) => last(lines).endsWith('› send bob'));
  run.type(`2 us${tab}`);
  await run.shows(({ lines }) => last(lines).endsWith('› send bob 2 USD'));
  run.type(`--me${tab}`);
  await run.shows(({ lines }) => last(lines).endsWith('› send bob 2 USD --memo'));
  run.type(`${controlC}requests acc${tab}`);
  await run.shows(({ lines }) => last(lines).endsWith('› requests accept'));
  // As much as the ids have in common, then what there is to choose from.
  run.type(tab);
  await run.shows(({ lines }) => last(lines).includes('accept req_'));
  run.type(tab);
  await run.shows(({ lines }) =>
    lines.some((line) => line.startsWith(`${id}  bob asks you for 4.00 USD: tea`)),
  );
  run.type(`${controlC}requests --status=a${tab}`);
  await run.shows(({ lines }) => last(lines).endsWith('› requests --status=all'));
  run.type(`${controlC}balance --profile a${tab}`);
  await run.shows(({ lines }) => last(lines).endsWith('› balance --profile alice'));
  run.type(`${controlC}help exit-${tab}`);
  await run.shows(({ lines }) => last(lines).endsWith('› help exit-codes'));
  run.type(enter);
  await run.sees('How a command ends');
  run.type(`exit${enter}`);
  t.is(await run.ended, 0);
});

test.serial('history lives on in a file of its owner, without what may be a secret', async (t) => {
  const { alice } = t.context;
  const first = await shell(t, alice);
  for (const line of [
    'whoami',
    ' limits',
    password,
    `login alice ${password}`,
    'api GET /v1/me --field a=pay_ses_x',
  ]) {
    first.type(`${line}${enter}`);
    await first.sees('› ');
  }
  first.type(`rates${enter}`);
  await first.sees('Rates of');
  await first.sees('› ');
  first.type(controlD);
  t.is(await first.ended, 0);
  const path = join(alice.folder, 'history');
  const kept = await readFile(path, 'utf8');
  t.is((await stat(path)).mode & 0o777, 0o600);
  t.true(kept.endsWith('whoami\nrates\n'), kept);
  const second = await shell(t, alice);
  second.type(up + up);
  await second.shows(({ lines }) => last(lines).endsWith('› whoami'));
});

test.serial('lines that are pasted together are run one after the other', async (t) => {
  const run = await shell(t, t.context.alice);
  run.type(`convert 1 GBP USD${enter}convert 2 GBP USD${enter}convert 3 "GBP${enter}" USD${enter}time`);
  await run.sees('1.27 USD');
  await run.sees('2.54 USD');
  await run.shows(({ lines }) => last(lines).endsWith('› time'));
  t.regex(run.text(), /1\.27 USD[\s\S]*2\.54 USD/);
});

test.serial('Ctrl-C drops the lines that were typed ahead of it: none of them is run', async (t) => {
  const { alice, server } = t.context;
  const before = await alice.json('balance');
  const run = await shell(t, alice);
  // While a Tab waits for the server; in one piece with what is dropped; and while a command runs.
  server.freeze();
  t.teardown(server.letGoOn);
  run.type(`send b${tab}`);
  await run.shows(({ lines }) => last(lines).endsWith('› send b'));
  run.type(`ob 1.10 --yes${enter}`);
  run.type(controlC);
  await run.sees('^C');
  server.letGoOn();
  run.type(`convert 1 GBP USD${enter}`);
  await run.sees('1.27 USD');
  await run.shows(({ lines }) => last(lines).endsWith('›'));
  run.type(`send bob 1.11 --yes${enter}${controlC}`);
  await run.sees('^C');
  run.type(`convert 2 GBP USD${enter}`);
  await run.sees('2.54 USD');
  run.type(`watch${enter}send bob 1.12 --yes${enter}`);
  await run.sees('Watching.');
  run.type(controlC);
  await run.shows(({ lines }) => last(lines).endsWith('›'));
  run.type(`convert 3 GBP USD${enter}`);
  await run.sees('3.81 USD');
  t.deepEqual(await alice.json('balance'), before);
});

test.serial('a line of several rows that is pasted can be changed in its middle', async (t) => {
  const columns = 40;
  const run = await shell(t, t.context.alice, columns);
  const { cursor } = await run.shows(({ lines }) => last(lines).endsWith('›'));
  // The second ends where a row does, and the third holds characters of two columns.
  for (const line of ['a'.repeat(100), 'b'.repeat(2 * columns - cursor.column), '長'.repeat(50)]) {
    run.type(line);
    await run.shows(({ lines }) => lines.join('').includes(line));
    run.type(controlA);
    run.type('x');
    const { lines } = await run.shows((view) => view.lines.join('').includes(`› x${line}`));
    t.is(lines.filter((row) => row.includes('›')).length, 1, lines.join('\n'));
    run.type(controlC);
    run.type(`\u000c`);
    await run.shows((view) => view.lines.length === 1);
  }
});

test.serial('what is pasted into the middle of a line stands there', async (t) => {
  const run = await shell(t, t.context.alice, 40);
  await run.shows(({ lines }) => last(lines).endsWith('›'));
  const end = ' 5 --memo of-several-rows-of-the-terminal';
  run.type(`send${end}`);
  await run.shows(({ lines }) => lines.join('').includes(`› send${end}`));
  run.type(left.repeat(end.length));
  run.type(' bob');
  await run.shows(({ lines }) => lines.join('').includes(`› send bob${end}`));
  run.type('by');
  const { lines } = await run.shows((view) => view.lines.join('').includes(`› send bobby${end}`));
  t.is(lines.filter((row) => row.includes('›')).length, 1, lines.join('\n'));
  run.type(controlC);
});

test.serial('the shell follows logout and login', async (t) => {
  const { server } = t.context;
  const carol = await register(server, 'carol', 'EUR');
  const run = await shell(t, carol);
  run.type(`logout${enter}`);
  await run.shows(({ lines }) => last(lines) === 'logged out ›');
  run.type(`balance${enter}`);
  await run.sees('Nobody is logged in');
  run.type(`login carol${enter}`);
  await run.sees('Password:');
  run.type(`${password}${enter}`);
  await run.sees('Logged in as carol');
  await run.shows(({ lines }) => /^carol [\d,.]+ EUR ›$/.test(last(lines)));
  await t.context.bob.json('send', 'carol', '1', '--yes');
  await run.sees('bob paid you');
  t.false(run.raw().includes(password));
});

test.serial('a session that ends elsewhere is told once, above the line', async (t) => {
  const { server } = t.context;
  const erin = await register(server, 'erin', 'EUR');
  const run = await shell(t, erin);
  await run.shows(({ lines }) => /^erin [\d,.]+ EUR ›$/.test(last(lines)));
  run.type('half');
  t.is((await erin.pay('logout')).status, 0);
  await run.shows(({ lines }) => last(lines) === 'logged out › half');
  await run.sees('→ Log in: pay login');
  run.type(`${controlC}balance${enter}`);
  await run.sees('✗ The token is not known');
  const view = await run.shows(({ lines }) => last(lines) === 'logged out 4 ›');
  t.is(view.lines.filter((line) => line.startsWith('! ')).length, 1);
});

test.serial(
  'Ctrl-C while a payment is under way keeps its key, and what it says works in the shell',
  async (t) => {
    const { server, bob } = t.context;
    const relay = await startRelay(server);
    t.teardown(() => relay.stop());
    const frank = await register(server, 'frank', 'USD');
    const run = await shell(t, frank, 200, '--server', relay.url, '--fingerprint', relay.fingerprint);
    run.type(`login frank${enter}`);
    await run.sees('Password:');
    run.type(`${password}${enter}`);
    await run.sees('Logged in as frank');
    await run.sees(/frank\S* 1,270\.00 USD ›/);
    relay.break(['hold-answer']);
    run.type(`send bob 7 --yes${enter}`);
    await relay.held;
    run.type(controlC);
    await run.sees('It is not known whether');
    const settle = await run.shows(({ lines }) => lines.some((line) => / pay send .*--key /.test(line)));
    await run.sees(' 7 ›');
    const command = settle.lines
      .find((line) => / pay send .*--key /.test(line))
      ?.replace(/^.*? pay send/, 'pay send');
    run.type(`${command}${enter}`);
    await run.sees(/frank\S* 1,263\.00 USD ›/);
    const received = (await bob.json('history', '--with', 'frank')) as unknown[];
    t.is(received.length, 1);
  },
);

test.serial('a server that is away is told once, and the prompt follows it back', async (t) => {
  const { server, alice } = t.context;
  const run = await shell(t, alice);
  await server.halt();
  await run.sees('The connection is lost; trying again.');
  await run.shows(({ lines }) => /^alice [\d,.]+ GBP offline ›$/.test(last(lines)));
  run.type(`balance${enter}`);
  await run.sees('cannot be reached');
  await run.shows(({ lines }) => last(lines).endsWith('offline 6 ›'));
  await server.resume();
  // A command that reaches the server makes the stream try at once.
  run.type(`balance${enter}`);
  await run.sees(/Connected(?: again; nothing was missed)?\./);
  await run.shows(({ lines }) => /^alice [\d,.]+ GBP ›$/.test(last(lines)));
  t.is(run.text().match(/connection is lost/g)?.length, 1);
  await server.halt();
  const late = runInTerminal(['shell'], alice.environment);
  t.teardown(() => late.kill('SIGKILL'));
  await late.sees('cannot be reached');
  await late.sees('offline ›');
  await server.resume();
  late.type(`balance${enter}`);
  await late.sees('Connected.');
  t.false(late.text().includes('is lost'));
});

test.serial('SIGTERM and a narrower terminal are taken well', async (t) => {
  const run = await shell(t, t.context.alice, 100);
  run.type('send bob 10 --memo "a line that is longer than forty columns"');
  await run.sees('columns');
  run.resize(40);
  run.type('!');
  await run.sees('!');
  run.kill('SIGTERM');
  t.is(await run.ended, 0);
});

test.serial(
  'without an account the shell says what to do, and a server of another key ends it',
  async (t) => {
    const { server } = t.context;
    const dave = await stranger();
    const words = ['--server', server.url, '--fingerprint', server.fingerprint];
    const run = await shell(t, dave, 80, ...words);
    t.regex(run.text(), /Nobody is logged in[\s\S]*pay login/);
    await run.shows(({ lines }) => last(lines) === 'logged out ›');
    run.type(controlD);
    t.is(await run.ended, 0);
    const path = join(dave.folder, 'config.json');
    await writeFile(
      path,
      (await readFile(path, 'utf8')).replace(/SHA256:./, (pin) =>
        pin.endsWith('A') ? 'SHA256:B' : 'SHA256:A',
      ),
    );
    const refused = runInTerminal(['shell', '--server', server.url], dave.environment);
    t.is(await refused.ended, 6);
    t.regex(refused.text(), /shows another key/);
  },
);
