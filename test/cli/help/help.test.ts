import test from 'ava';
import { Command } from 'commander';
import { examplesFor } from '../../../cli/help/help.js';
import { helpTopics } from '../../../cli/help/help-topics.js';
import { nearest } from '../../../cli/help/nearest.js';
import { commands } from '../../../cli/program/commands.js';
import { reflow } from '../../../cli/terminal/text/reflow.js';
import { describedFor } from '../completion/support/described.js';
import { makeFolder, plainEnvironment } from '../support/run-pay.js';
import { runInTerminal } from '../support/terminal.js';

function withBelow(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withBelow)];
}

/** Every command, and every one below it. */
async function allCommands(): Promise<readonly Command[]> {
  const program = new Command('pay');
  for (const entry of commands) {
    const command = program.command(entry.name).summary(entry.summary);
    (await entry.load()).define(command, () => async () => undefined);
  }
  return program.commands.flatMap(withBelow);
}

test('every command, and every one below it, has an example and says what it is for', async (t) => {
  const all = await allCommands();
  t.true(all.length > 50);
  const bare = all.filter((command) => examplesFor(command).length === 0 || command.summary() === '');
  t.deepEqual(
    bare.map((command) => `${command.parent?.name()} ${command.name()}`),
    [],
  );
});

test('the examples of a command end with all that they say', async (t) => {
  const all = await allCommands();
  t.deepEqual(
    all.map((command) => examplesFor(command).at(-1)).filter((example) => example?.endsWith(':')),
    [],
  );
});

/** The commands that only look, or whose words say whether they act. */
const looks = new Set([
  ...['balance', 'blocks', 'collections', 'collections show', 'completion', 'convert', 'history', 'home'],
  ...['limits', 'notifications', 'profile', 'profile show', 'profiles', 'profiles list', 'rates', 'requests'],
  ...['requests show', 'sessions', 'sessions list', 'show', 'statement', 'stats', 'time', 'tokens'],
  ...['tokens list', 'watch', 'webhooks', 'webhooks deliveries', 'webhooks list', 'whoami'],
  ...['2fa', '2fa status', 'api', 'shell'],
  ...['admin', 'admin users', 'admin user', 'admin payments', 'admin payment', 'admin statements'],
  ...['admin audit', 'admin stats', 'admin books', 'admin invitations', 'admin limits'],
]);

test('every act takes --yes, and so may a script that gives it to all', async (t) => {
  const pathOf = (command: Command): string =>
    command.parent?.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
  const acts = (await allCommands()).filter((command) => !looks.has(pathOf(command)));
  t.true(acts.length > 40);
  t.deepEqual(acts.filter(({ options }) => !options.some(({ long }) => long === '--yes')).map(pathOf), []);
});

/** The lines of the help of every command, each once. */
async function helpLines(calledAs: string): Promise<readonly string[]> {
  const lines = commands.map(async ({ name }) => {
    const program = await describedFor([name], calledAs);
    const command = program.commands.find((sub) => sub.name() === name) ?? program;
    return [program, ...withBelow(command)].flatMap((one) => one.helpInformation().split('\n'));
  });
  return [...new Set((await Promise.all(lines)).flat())];
}

for (const calledAs of ['pay', 'bin/pay']) {
  test(`the help of every command fits a terminal of 80 columns, called as ${calledAs}`, async (t) => {
    const lines = await helpLines(calledAs);
    t.deepEqual(
      lines.filter((line) => line.length > 80),
      [],
    );
  });
}

test('on a terminal of 40 columns help breaks its lines between words', async (t) => {
  const run = runInTerminal(['balance', '--help'], plainEnvironment(await makeFolder()), 40);
  t.is(await run.ended, 0);
  t.regex(run.text(), /--json {2,}write JSON;\r\n +errors,/);
  const lines = run
    .text()
    .split('\r\n')
    .filter((line) => /^ {2}--/.test(line));
  t.true(lines.length > 8);
  t.deepEqual(
    lines.filter((line) => line.length > 40),
    [],
  );
});

test('the name that the program is called by takes the place of no verb', async (t) => {
  const names = commands.map(({ name }) => name);
  const called = (await helpLines('bin/pay')).flatMap((line) => /bin\/pay (\w\S*)/.exec(line)?.[1] ?? []);
  t.true(called.length > 100);
  t.deepEqual(
    called.filter((word) => !names.includes(word.replace(/[`)]$/, ''))),
    [],
  );
});

test('wherever a command stands in the help it is called as the program was', async (t) => {
  const lines = await helpLines('bin/pay');
  t.true(lines.some((line) => line.endsWith('| bin/pay password --password-stdin')));
  const uncalled = /(?<![\w/])pay \w+ --|`pay /;
  t.deepEqual(
    lines.filter((line) => uncalled.test(line)),
    [],
  );
});

test('an explanation that does not fit beside its example stands below it, and the example stays whole', async (t) => {
  const program = await describedFor(['collect']);
  const help = program.commands.find((sub) => sub.name() === 'collect')?.helpInformation() ?? '';
  t.true(
    help.includes('\n  pay collect "trip" 45 --from dave\n      dave, too; nobody is asked twice\n'),
    help,
  );
  t.regex(help, /\n {2}pay collections {4,}who has paid\n/);
});

const words = (text: string) => text.split(/\s+/).filter((word) => word !== '');

test('topics fit the terminal and lose no word', (t) => {
  for (const { name, text } of helpTopics) {
    for (const width of [60, 80, 100]) {
      const flowed = reflow(text(), width);
      t.deepEqual(words(flowed), words(text()), name);
      // Commands, which are indented, are not broken.
      const long = flowed.split('\n').filter((line) => line.length > width && !/^ +(pay|.*\|) /.test(line));
      t.deepEqual(long, [], `${name} at ${width}`);
    }
  }
});

test('terms keep their column, paragraphs are filled, and commands stay', (t) => {
  const text =
    'One two\nthree:\n\n  term   what it\n         means\n  other  more\n\n  pay send bob 10 --yes\n';
  t.is(
    reflow(text, 20),
    'One two three:\n\n  term   what it\n         means\n  other  more\n\n  pay send bob 10 --yes\n',
  );
  t.is(reflow('a   b c d e\n    f g\n', 8), 'a   b c\n    d e\n    f g\n');
});

test('the nearest word is found by left out, doubled, wrong and swapped letters, and no far one is', (t) => {
  const known = ['send', 'request', 'requests', 'history', 'exit-codes'];
  t.is(nearest('snd', known), 'send');
  t.is(nearest('sned', known), 'send');
  t.is(nearest('SEND', known), 'send');
  t.is(nearest('hisstory', known), 'history');
  t.is(nearest('reqest', known), 'request');
  t.is(nearest('exit-code', known), 'exit-codes');
  t.is(nearest('balance', known), undefined);
  t.is(nearest('', known), undefined);
  t.is(nearest('req', known), 'request');
  t.is(nearest('ex', known), 'exit-codes');
  t.is(nearest('e', known), undefined);
});
