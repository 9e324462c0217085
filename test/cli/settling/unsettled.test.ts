import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import anyTest, { type ExecutionContext, type TestFn } from 'ava';
import { execa } from 'execa';
import { type PayServer, startPayServer } from '../support/pay-server.js';
import { type Person, registerInside, stranger } from '../support/person.js';
import { type Relay, startRelay } from '../support/relay.js';
import { payProgram, root, runPay } from '../support/run-pay.js';
import { runPayInside } from '../support/run-pay-inside.js';

interface Scene {
  readonly server: PayServer;
}

const test = anyTest as TestFn<Scene>;

test.before(async (t) => {
  t.context = { server: await startPayServer() };
});

test.after.always(async (t) => {
  await t.context.server?.stop();
});

interface Pair {
  readonly relay: Relay;
  readonly payer: Person;
  readonly receiver: Person;
  /** What the receiver has, in minor units above the opening credit. */
  gained(): Promise<number>;
  pending(): Promise<readonly string[]>;
}

async function pairOf(t: ExecutionContext<Scene>, payerName: string, receiverName: string): Promise<Pair> {
  const relay = await startRelay(t.context.server);
  t.teardown(() => relay.stop());
  const payer = await registerInside(relay, payerName, 'GBP');
  const receiver = await registerInside(t.context.server, receiverName, 'GBP');
  return {
    relay,
    payer,
    receiver,
    gained: async () => {
      const { amount } = (await receiver.json('balance')) as { amount: string };
      return Number(amount.replace('.', '')) - 100_000;
    },
    pending: async () => readdir(join(payer.folder, 'pending')),
  };
}

test('an answer that is lost is fetched by a second try with the same key', async (t) => {
  const { relay, payer, gained, pending } = await pairOf(t, 'ann', 'art');
  relay.break(['lose-answer']);
  const { status, stderr } = await payer.pay('send', 'art', '10', '--yes');
  t.is(status, 0, stderr);
  t.regex(stderr, /trying again with the same key/);
  t.regex(stderr, /An earlier try had made it; it was not made again\./);
  t.is(await gained(), 1_000);
  t.deepEqual(await pending(), []);
});

test('a request that is lost is sent again', async (t) => {
  const { relay, payer, gained, pending } = await pairOf(t, 'bea', 'ben');
  relay.break(['lose-request', 'lose-request']);
  const { status, stderr } = await payer.pay('send', 'ben', '10', '--yes');
  t.is(status, 0, stderr);
  t.is(await gained(), 1_000);
  t.deepEqual(await pending(), []);
});

test('an outcome that stays unknown ends with 7 and the command that settles it, which pays once', async (t) => {
  const { relay, payer, gained, pending } = await pairOf(t, 'cleo', 'carl');
  relay.break([], 'lose-answer');
  const unknown = await payer.pay('send', 'carl', '10', '--memo', "it's lunch", '--yes');
  t.is(unknown.status, 7, unknown.stderr);
  t.is(unknown.stdout, '');
  const [file = ''] = await pending();
  const journal = await readFile(join(payer.folder, 'pending', file), 'utf8');
  t.notRegex(journal, /pay_ses_/);
  const command = /^.*(pay send .*--key .*)$/m.exec(unknown.stderr)?.[1] ?? '';
  t.regex(command, /--memo 'it'\\''s lunch'/);

  const careless = await payer.pay('send', 'carl', '10', '--yes');
  t.is(careless.status, 7);
  t.true(careless.stderr.includes(command));
  t.is(await gained(), 1_000);

  relay.break([]);
  t.deepEqual(((await payer.json('home')) as { unsettled: string[] }).unsettled, [command]);
  const settled = await execa('sh', ['-c', command], {
    env: { ...payer.environment, PATH: `${join(root, 'bin')}:${process.env.PATH}` },
    extendEnv: false,
    reject: false,
  });
  t.is(settled.exitCode, 0, settled.stderr);
  t.is(await gained(), 1_000);
  t.deepEqual(await pending(), []);
});

test('with --json an unknown outcome is a problem that holds the key and the command', async (t) => {
  const { relay, payer, gained } = await pairOf(t, 'dina', 'dirk');
  relay.break([], 'lose-request');
  const { status, stdout, stderr } = await payer.pay('send', 'dirk', '10', '--yes', '--json');
  t.is(status, 7);
  t.is(stdout, '');
  const problem = JSON.parse(stderr) as { code: string; idempotencyKey: string; settle: string };
  t.is(problem.code, 'UNKNOWN');
  t.true(problem.settle.includes(problem.idempotencyKey));
  t.is(await gained(), 0);
  const foreign = await payer.pay('send', 'dirk', '11', '--key', problem.idempotencyKey, '--yes');
  t.is(foreign.status, 2);
  t.is(await gained(), 0);
  relay.break([]);
  // Away from the PATH the program is called by the way to it.
  const away = { ...payer.environment, PATH: process.env.PATH ?? '' };
  const called = problem.settle.replace(/^pay /, `${relative(process.cwd(), payProgram)} `);
  const home = JSON.parse((await runPay(['home', '--json'], away)).stdout) as { unsettled: unknown };
  t.deepEqual(home.unsettled, [called]);
  t.true((await runPay(['home'], away)).stdout.includes(`unsettled\t${called}\n`));
});

test('Ctrl-C while waiting for the answer leaves the outcome unknown, and says so', async (t) => {
  const { relay, payer, gained, pending } = await pairOf(t, 'elsa', 'egon');
  relay.break([], 'hold-answer');
  const running = execa(process.execPath, [payProgram, 'send', 'egon', '10', '--yes'], {
    env: payer.environment,
    extendEnv: false,
    reject: false,
  });
  await relay.held;
  running.kill('SIGINT');
  const { exitCode, stderr } = await running;
  t.is(exitCode, 7, stderr);
  t.regex(stderr, /it was interrupted while waiting/);
  const [file = ''] = await pending();
  relay.break([]);
  const settled = await payer.pay('send', 'egon', '10', '--key', file.replace(/\.json$/, ''), '--yes');
  t.is(settled.status, 0, settled.stderr);
  t.is(await gained(), 1_000);
});

test('a command that is killed leaves its key, and the next one does not pay twice', async (t) => {
  const { relay, payer, gained, pending } = await pairOf(t, 'fred', 'fay');
  relay.break([], 'hold-answer');
  const running = execa(process.execPath, [payProgram, 'send', 'fay', '10', '--yes'], {
    env: payer.environment,
    extendEnv: false,
    reject: false,
  });
  await relay.held;
  running.kill('SIGKILL');
  await running;
  relay.break([]);
  t.is((await payer.pay('send', 'fay', '10', '--yes')).status, 7);
  const [file = ''] = await pending();
  t.is((await payer.pay('send', 'fay', '10', '--key', file.replace(/\.json$/, ''), '--yes')).status, 0);
  t.is(await gained(), 1_000);
  const again = await payer.pay('send', 'fay', '10', '--yes');
  t.is(again.status, 1);
  const flag = /--confirm-duplicate pay_\w+/.exec(again.stderr)?.[0] ?? '';
  t.is((await payer.pay('send', 'fay', '10', '--yes', ...flag.split(' '))).status, 0);
  t.is(await gained(), 2_000);
});

test('where nothing can be sent nothing is pending', async (t) => {
  const { relay, payer, pending } = await pairOf(t, 'gina', 'gerd');
  await relay.stop();
  const { status, stderr } = await payer.pay('send', 'gerd', '10', '--yes');
  t.is(status, 6, stderr);
  t.regex(stderr, /Nothing happened/);
  t.deepEqual(await pending(), []);
});

test('a server that shows another key than the pinned one is sent nothing', async (t) => {
  const { relay, payer } = await pairOf(t, 'hugo', 'hilda');
  const port = new URL(relay.url).port;
  await relay.stop();
  const impostor = await startRelay(t.context.server, Number(port));
  t.teardown(() => impostor.stop());
  const { status, stderr } = await payer.pay('balance');
  t.is(status, 6);
  t.regex(stderr, /another key than the one expected/);
  t.is(impostor.requests(), 0);
  const accepted = await payer.pay('balance', '--fingerprint', impostor.fingerprint);
  t.is(accepted.status, 0);
});

test('a session of one server is not given to another', async (t) => {
  const { relay, payer } = await pairOf(t, 'ida', 'ivo');
  const elsewhere = await stranger();
  t.is((await runPayInside(['balance', '--server', t.context.server.url], payer.environment)).status, 4);
  t.is((await runPayInside(['balance', '--server', relay.url], elsewhere.environment)).status, 4);
});
