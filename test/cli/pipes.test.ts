import anyTest, { type TestFn } from 'ava';
import { execa } from 'execa';
import { type PayServer, startPayServer } from './support/pay-server.js';
import { type Person, register } from './support/person.js';
import { payProgram } from './support/run-pay.js';

const test = anyTest as TestFn<{ server: PayServer; alice: Person }>;

test.before(async (t) => {
  const server = await startPayServer();
  await register(server, 'bob', 'USD');
  const alice = await register(server, 'alice', 'GBP');
  for (let amount = 1; amount <= 3; amount += 1) {
    await alice.json('send', 'bob', String(amount), '--yes');
  }
  t.context = { server, alice };
});

test.after.always(async (t) => {
  await t.context.server?.stop();
});

/** Runs a line of sh in which pay is the program. */
async function sh(line: string, { environment }: Person) {
  const { stdout, stderr, exitCode } = await execa(
    'sh',
    ['-c', `pay() { "$node" "$program" "$@"; }; ${line}`],
    {
      env: { ...environment, node: process.execPath, program: payProgram },
      extendEnv: false,
      reject: false,
    },
  );
  return { stdout, stderr, exitCode };
}

test('a reader that has seen enough is no error, whatever is written', async (t) => {
  const { alice } = t.context;
  for (const words of [
    'rates',
    'history',
    'history --all',
    'history --format csv',
    'history --format ndjson',
    'history --format ledger',
    'history --json',
    'home',
    'help exit-codes',
    'completion bash',
  ]) {
    const head = await sh(`{ pay ${words}; echo "status $?" >&2; } | head -n 1`, alice);
    t.is(head.stderr, 'status 0', words);
    t.is(head.stdout.split('\n').length, 1, words);
    const gone = await sh(`{ pay ${words}; echo "status $?" >&2; } | true`, alice);
    t.is(gone.stderr, 'status 0', words);
  }
});

test('a payment whose receipt nobody reads is paid once, and says so by its status', async (t) => {
  const { alice } = t.context;
  const before = ((await alice.json('history', '--all')) as unknown[]).length;
  const { stderr } = await sh('{ pay send bob 7 --yes; echo "status $?" >&2; } | true', alice);
  t.regex(stderr, /Paid 7\.00 GBP to bob[\s\S]*status 0/);
  t.is(((await alice.json('history', '--all')) as unknown[]).length, before + 1);
});

test('without a stdin what needs no answer is done, and what does is usage', async (t) => {
  const { alice } = t.context;
  for (const stdin of ['<&-', '< /dev/null']) {
    t.is((await sh(`pay balance ${stdin}`, alice)).exitCode, 0, stdin);
    for (const words of [
      'send',
      'send bob 9',
      'login',
      'login alice --password-stdin',
      'requests accept',
      'password --password-stdin',
    ]) {
      const { exitCode, stderr, stdout } = await sh(`pay ${words} ${stdin}`, alice);
      t.is(exitCode, 2, `${words} ${stdin}: ${stderr}`);
      t.is(stdout, '');
      t.notRegex(stderr, /\n\s+at /);
    }
  }
});

test('without a stdout or a stderr it still ends with the status that is true', async (t) => {
  const { alice } = t.context;
  t.is((await sh('pay balance 2>&-', alice)).exitCode, 0);
  t.is((await sh('pay show pay_none 2>&-', alice)).exitCode, 3);
  t.is((await sh('pay show pay_none >&- 2>&-', alice)).exitCode, 3);
  t.is((await sh('pay balance > /dev/full', alice)).exitCode, 6);
});

/** The command that a failure names to settle what it says. */
const settleIn = (stderr: string): string =>
  stderr.startsWith('{') ? JSON.parse(stderr).settle : (/→ (pay \S+ .*--key .*)/.exec(stderr)?.[1] ?? '');

test('what was done although its result cannot be written says that it was, and the command that it names does it no second time', async (t) => {
  const carol = await register(t.context.server, 'carol', 'GBP');
  const balance = async () => ((await carol.json('balance')) as { amount: string }).amount;
  for (const words of [
    'send bob 0.07 --memo full --yes',
    'send bob 0.08 --memo full --yes --json',
    'api POST /v1/payments --field to=bob --field amount=0.09',
  ]) {
    const { stderr, exitCode } = await sh(`pay ${words} > /dev/full`, carol);
    t.is(exitCode, 7, words);
    t.regex(stderr, /It was done: .*bob was paid.* the result was lost/, words);
    const after = await balance();
    t.is((await sh(settleIn(stderr), carol)).exitCode, 0, stderr);
    t.is(await balance(), after, words);
  }
  const named = await sh('pay send bob 0.05 --memo field --yes --jq ".id[0]"', carol);
  t.is(named.exitCode, 7);
  t.regex(JSON.parse(named.stderr).title, /^It was done\./);
  const asked = await sh('pay request bob 0.06 --memo full --yes > /dev/full', carol);
  t.is(asked.exitCode, 7);
  t.regex(asked.stderr, /They were asked/);
  const narrowed = await sh('pay request bob 0.04 --memo field --yes --jq ".id[0]"', carol);
  t.is(narrowed.exitCode, 7);
  t.regex(JSON.parse(narrowed.stderr).title, /^It was done\./);
});

test('what was changed under no key although its result cannot be shown is no failure that says that nothing happened', async (t) => {
  const dora = await register(t.context.server, 'dora', 'GBP');
  const full = await sh('pay tokens create --name full --scopes read > /dev/full', dora);
  t.is(full.exitCode, 7);
  t.regex(full.stderr, /It was done\. Only the result was lost .*no space left.*\n.*pay tokens list/);
  const filtered = await sh('pay tokens create --name filtered --scopes read --jq .id.x', dora);
  t.is(filtered.exitCode, 7);
  t.regex(JSON.parse(filtered.stderr).title, /^It was done\./);
  t.is(((await dora.json('tokens')) as unknown[]).length, 2);
  t.is((await sh('pay tokens list > /dev/full', dora)).exitCode, 6);
  t.is((await sh('pay tokens list --jq .id.x', dora)).exitCode, 2);
  const rehearsed =
    'pay api POST /v1/payments --body \'{"to":"bob","amount":"1","dryRun":true}\' > /dev/full';
  t.is((await sh(rehearsed, dora)).exitCode, 6);
});
