import anyTest, { type TestFn } from 'ava';
import { type PayServer, startPayServer } from '../support/pay-server.js';
import { type Person, registerInside } from '../support/person.js';
import { runPayInside } from '../support/run-pay-inside.js';
import { runInTerminal } from '../support/terminal.js';

const test = anyTest as TestFn<{ server: PayServer; alice: Person; bob: Person }>;

const enter = '\r';

test.before(async (t) => {
  const server = await startPayServer({ PAY_RATE_LIMITS: 'off' });
  const alice = await registerInside(server, 'alice', 'GBP');
  const bob = await registerInside(server, 'bob', 'USD');
  await bob.json('profile', 'set', '--name', 'Bob “the Hat” Example');
  t.context = { server, alice, bob };
});

test.after.always(async (t) => {
  await t.context.server?.stop();
});

const shown = 'bob · Bob “the Hat” Example';

/** The screen of 120 columns after a command that asks nothing. */
async function seenBy(person: Person, ...words: string[]): Promise<string> {
  const run = runInTerminal(words, person.environment, 120);
  await run.ended;
  return run.text();
}

test.serial(
  'who pays sees whom by username and display name: before saying yes and ever after',
  async (t) => {
    const { alice } = t.context;
    const run = runInTerminal(['send', 'BOB', '5', '--memo', 'lunch'], alice.environment);
    await run.sees(new RegExp(`to +${shown}\\r\\n +bob receives +6\\.35 USD`));
    await run.sees('Pay BOB 5.00 GBP?');
    run.type(`y${enter}`);
    await run.sees('Paid 5.00 GBP to bob');
    await run.sees(new RegExp(`to +${shown}`));
    t.is(await run.ended, 0);
    const [{ id = '' } = {}] = (await alice.json('history', '--limit', '1')) as { id: string }[];
    for (const words of [['home'], ['history'], ['show', id], ['send', 'bob', '1', '--dry-run']]) {
      t.true((await seenBy(alice, ...words)).includes(shown), words.join(' '));
    }
  },
);

test.serial('who is asked for money sees who asks', async (t) => {
  const { alice, bob } = t.context;
  const { id } = (await bob.json('request', 'alice', '12')) as { id: string };
  for (const words of [['home'], ['requests'], ['show', id], ['requests', 'show', id]]) {
    t.true((await seenBy(alice, ...words)).includes(shown), words.join(' '));
  }
  const run = runInTerminal(['requests', 'accept', id], alice.environment);
  await run.sees(`${shown} asks you for 12.00 USD`);
  await run.sees(new RegExp(`to +${shown}`));
  run.type(enter);
  t.is(await run.ended, 1);
  const no = runInTerminal(['requests', 'decline'], alice.environment);
  await no.sees('Which one to decline?');
  await no.sees(`${shown} asks you for 12.00 USD`);
  no.type(enter);
  await no.sees('Why');
  no.type(enter);
  await no.sees(`Decline to pay ${shown}`);
  no.type(enter);
  t.is(await no.ended, 1);
});

test.serial('programs are given usernames, and ask for no names', async (t) => {
  const { alice } = t.context;
  for (const words of [['history'], ['home'], ['history', '--json'], ['home', '--json'], ['requests']]) {
    const { stdout, stderr } = await runPayInside([...words, '--debug'], alice.environment);
    t.false(`${stdout}${stderr}`.includes('Hat'), words.join(' '));
    t.false(stderr.includes('display-names'), words.join(' '));
  }
});

test.serial('whose token may only pay sees usernames, and pays', async (t) => {
  const { alice, server } = t.context;
  const { token } = (await alice.json('tokens', 'create', '--name', 'till', '--scopes', 'pay')) as {
    token: string;
  };
  const run = runInTerminal(['send', 'bob', '1', '--memo', 'by token', '--yes'], {
    ...alice.environment,
    PAY_TOKEN: token,
    PAY_SERVER: server.url,
  });
  t.is(await run.ended, 0, run.text());
  t.true(run.text().includes('bob'));
  t.false(run.text().includes('Hat'));
});
