import { relative } from 'node:path';
import anyTest, { type TestFn } from 'ava';
import { type PayServer, startPayServer } from './support/pay-server.js';
import { type Person, registerInside } from './support/person.js';
import { payProgram, runPay } from './support/run-pay.js';

const test = anyTest as TestFn<{ server: PayServer; alice: Person; bob: Person }>;

// Away from the PATH the program is called by the way to it.
const calledAs = relative(process.cwd(), payProgram);

test.before(async (t) => {
  const server = await startPayServer();
  const alice = await registerInside(server, 'alice', 'GBP');
  const bob = await registerInside(server, 'bob', 'GBP');
  t.context = { server, alice, bob };
});

test.after.always(async (t) => {
  await t.context.server?.stop();
});

async function toldAway({ environment }: Person, ...words: string[]): Promise<string> {
  return (await runPay(words, { ...environment, PATH: process.env.PATH ?? '' })).stderr;
}

test('what somebody wrote is told as it stands, be it like a command', async (t) => {
  const { alice, bob } = t.context;
  const { id } = (await alice.json('request', 'bob', '5', '--memo', 'pay rent')) as { id: string };
  const beside = await toldAway(bob, 'send', 'alice', '5', '--yes');
  t.true(beside.includes('5.00 GBP (pay rent),'), beside);
  t.true(beside.includes(`: ${calledAs} requests accept ${id}\n`), beside);
});

test('the commands of what is said are named as the program is called', async (t) => {
  const { alice } = t.context;
  for (const [words, wanted] of [
    [['2fa', 'status'], `Switch it on: ${calledAs} 2fa on\n`],
    [['requests', '--incoming', '--table'], `Closed ones, too: ${calledAs} requests --all\n`],
    [['blocks', '--table'], `To block somebody: ${calledAs} block <user>\n`],
  ] as const) {
    const told = await toldAway(alice, ...words);
    t.true(told.includes(wanted), told);
  }
  const named = await toldAway(alice, '2fa', 'status', '--profile', 'alice');
  t.is(named, `Switch it on: ${calledAs} 2fa on --profile alice\n`);
});
