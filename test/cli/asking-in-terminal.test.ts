import anyTest, { type TestFn } from 'ava';
import type { RequestJson } from '../../server/features/requests/wire.js';
import { startEchoEndpoint } from '../support/echo-endpoint.js';
import { until } from '../support/until.js';
import { type PayServer, startPayServer } from './support/pay-server.js';
import { type Person, registerInside } from './support/person.js';
import { runInTerminal } from './support/terminal.js';

const test = anyTest as TestFn<{ server: PayServer; alice: Person; bob: Person; carol: Person }>;

const enter = '\r';
const down = '\u001b[B';
const controlC = '\u0003';

test.before(async (t) => {
  const server = await startPayServer({ PAY_WEBHOOKS_PRIVATE: 'true', PAY_REQUESTS_CHECK_FUNDS: 'false' });
  t.context = {
    server,
    alice: await registerInside(server, 'alice', 'GBP'),
    bob: await registerInside(server, 'bob', 'USD'),
    carol: await registerInside(server, 'carol', 'EUR'),
  };
});

test.after.always(async (t) => {
  await t.context.server?.stop();
});

const ask = async (person: Person, ...words: string[]) =>
  ((await person.json('request', ...words)) as RequestJson).id;
const statusOf = async (person: Person, id: string) =>
  ((await person.json('requests', 'show', id)) as RequestJson).status;

test.serial(
  'a pending request is chosen from a list, shown with what it costs, and paid after a yes',
  async (t) => {
    const { alice, bob, carol } = t.context;
    const first = await ask(carol, 'alice', '30', '--memo', 'dinner');
    const second = await ask(bob, 'alice', '5', '--memo', '\u200bevil');
    await ask(alice, 'bob', '1');
    const run = runInTerminal(['requests', 'accept', '--debug'], alice.environment);
    await run.sees('Which one to pay?');
    await run.sees('bob asks you for 5.00 USD · ‹U+200B›evil');
    await run.sees('carol asks you for 30.00 EUR · dinner');
    t.false(run.text().includes('you ask'));
    run.type(down + enter);
    await run.sees('carol asks you for 30.00 EUR (dinner), just now.');
    await run.sees('Pay carol 24.95 GBP?');
    t.regex(
      run.text(),
      /you pay +24\.95 GBP\r\n +carol receives +30\.00 EUR\r\n +rate +1 GBP = 1\.2025 EUR\r\n +memo +dinner\r\n +balance after +975\.05 GBP/,
    );
    run.type(`y${enter}`);
    t.is(await run.ended, 0);
    t.true(run.text().includes('"maxDebit":"24.95"'));
    t.regex(run.text(), /Paid 24\.95 GBP to carol, who received 30\.00 EUR\./);
    t.is(await statusOf(alice, first), 'paid');
    t.is(await statusOf(alice, second), 'pending');
    t.false(run.raw().includes('\u200b'));
  },
);

test.serial('a request whose price is not agreed to stays pending', async (t) => {
  const { alice, bob } = t.context;
  const id = await ask(bob, 'alice', '6');
  for (const [answer, status] of [
    [enter, 1],
    [controlC, 130],
  ] as const) {
    const run = runInTerminal(['requests', 'accept', id], alice.environment);
    await run.sees('Pay bob 4.73 GBP?');
    run.type(answer);
    t.is(await run.ended, status);
  }
  t.is(await statusOf(alice, id), 'pending');
  const closed = runInTerminal(['requests', 'accept', id], bob.environment);
  t.is(await closed.ended, 5);
});

test.serial('declining chooses among those that ask, cancelling among one’s own', async (t) => {
  const { alice, bob } = t.context;
  for (const [answer, status] of [
    ['', 1],
    ['y', 0],
  ] as const) {
    const declining = runInTerminal(['requests', 'decline'], alice.environment);
    await declining.sees('Which one to decline?');
    await declining.sees('bob asks you for 6.00 USD');
    declining.type(enter);
    await declining.sees('Why');
    declining.type(`paid cash${enter}`);
    await declining.sees('Decline to pay bob 6.00 USD?');
    declining.type(`${answer}${enter}`);
    t.is(await declining.ended, status);
    const declined = (await bob.json('requests', '--status', 'declined')) as RequestJson[];
    t.deepEqual(
      declined.map(({ reason }) => reason),
      status === 0 ? ['paid cash'] : [],
    );
  }
  const cancelling = runInTerminal(['requests', 'cancel'], alice.environment);
  await cancelling.sees('you ask bob for 1.00 GBP');
  cancelling.type(enter);
  t.is(await cancelling.ended, 0);
  const nothing = runInTerminal(['requests', 'remind'], alice.environment);
  t.is(await nothing.ended, 3);
  t.is(((await bob.json('requests', '--incoming')) as unknown[]).length, 0);
});

test.serial('a payment that looks like the one before is shown beside it and asked about', async (t) => {
  const { alice, bob } = t.context;
  const before = ((await bob.json('balance')) as { amount: string }).amount;
  t.is((await alice.pay('send', 'bob', '10', '--memo', 'tea', '--yes')).status, 0);
  const words = ['send', 'bob', '10', '--memo', 'tea'];
  const no = runInTerminal(words, alice.environment);
  await no.sees(/You paid bob 10\.00 GBP \(tea\) just now: pay_\w+/);
  await no.sees('Pay again?');
  no.type(enter);
  t.is(await no.ended, 1);
  const yes = runInTerminal(words, alice.environment);
  await yes.sees('Pay again?');
  yes.type(`y${enter}`);
  t.is(await yes.ended, 0);
  const after = ((await bob.json('balance')) as { amount: string }).amount;
  t.is(Math.round((Number(after) - Number(before)) * 100), 2_540);
});

test.serial('a request for exactly what is sent is offered to be paid instead', async (t) => {
  const { alice, carol } = t.context;
  const id = await ask(carol, 'alice', '5', 'GBP', '--memo', 'tea');
  const told = runInTerminal(['send', 'carol', '5.00', '--yes'], alice.environment);
  t.is(await told.ended, 0);
  t.regex(told.text(), /carol asks you for exactly 5\.00 GBP \(tea\)/);
  t.true(told.text().includes(`pay requests accept ${id}`));
  t.is(await statusOf(alice, id), 'pending');
  const beside = runInTerminal(['send', 'carol', '5', '--memo', 'other'], alice.environment);
  await beside.sees('Pay this request?');
  beside.type(enter);
  await beside.sees('Pay carol 5.00 GBP?');
  beside.type(enter);
  t.is(await beside.ended, 1);
  const other = runInTerminal(['send', 'carol', '5.01'], alice.environment);
  await other.sees('Pay carol 5.01 GBP?');
  t.false(other.text().includes('exactly'));
  other.type(enter);
  t.is(await other.ended, 1);
  const run = runInTerminal(['send', 'carol', '5'], alice.environment);
  await run.sees('carol asks you for exactly 5.00 GBP (tea), just now');
  await run.sees('Pay this request?');
  run.type(`y${enter}`);
  await run.sees('Pay carol 5.00 GBP?');
  run.type(`y${enter}`);
  t.is(await run.ended, 0);
  t.is(await statusOf(alice, id), 'paid');
});

test.serial('a refund shows what it costs before it asks', async (t) => {
  const { alice, bob } = t.context;
  const { id } = (await alice.json('send', 'bob', '20', '--memo', 'shoes', '--yes')) as { id: string };
  const run = runInTerminal(['refund', id, '3.33', '--reason', 'worn'], bob.environment);
  await run.sees('alice sent 20.00 GBP, and you received 25.40 USD (shoes), just now.');
  await run.sees(/you pay +4\.23 USD\r\n +alice receives +3\.33 GBP/);
  await run.sees('Give alice back 3.33 GBP?');
  run.type(`y${enter}`);
  t.is(await run.ended, 0);
  t.regex(run.text(), /Gave 4\.23 USD back to alice, who received 3\.33 GBP\./);
  const rest = runInTerminal(['refund', id], bob.environment);
  await rest.sees('3.33 GBP of it went back already.');
  await rest.sees('Give alice back 16.67 GBP?');
  rest.type(enter);
  t.is(await rest.ended, 1);
});

test.serial('the shares of a bill are shown and asked about', async (t) => {
  const { alice, bob } = t.context;
  const words = ['request', 'bob', 'carol', '100', '--split', '--include-me', '--memo', 'rent'];
  const run = runInTerminal(words, alice.environment);
  await run.sees(
    /bob +33\.34 GBP\r\n +carol +33\.33 GBP\r\n +your own share +33\.33 GBP\r\n +together +100\.00 GBP/,
  );
  await run.sees('Ask these 2?');
  run.type(enter);
  t.is(await run.ended, 1);
  t.is(((await bob.json('requests', '--incoming')) as unknown[]).length, 0);
});

test.serial('home shows what waits for an answer, with the command that gives it', async (t) => {
  const { alice, carol } = t.context;
  const id = await ask(carol, 'alice', '12', '--memo', 'books');
  const run = runInTerminal([], alice.environment, 100);
  t.is(await run.ended, 0);
  t.true(run.text().includes(`just now  carol  12.00 EUR  ${id}  books\r\n`), run.text());
  t.regex(run.text(), /Pay one: pay requests accept\r\nSay no to one: pay requests decline\r\n/);
});

test.serial(
  'what is to be typed next is for the profile that was named, outside of failures, too',
  async (t) => {
    const { alice, carol } = t.context;
    const id = await ask(carol, 'alice', '12', '--memo', 'boots');
    for (const [words, wanted] of [
      [['home'], 'Pay one: pay requests accept --profile alice\r\n'],
      [['notifications', '--keep'], `pay requests accept ${id} --profile alice\r\n`],
      [['tokens', 'list'], 'There are no tokens. Make one: pay tokens create --profile alice\r\n'],
      [['requests', '--outgoing', '--since', 'today'], 'pay requests --profile alice --all\r\n'],
    ] as const) {
      const run = runInTerminal([...words, '--profile', 'alice'], alice.environment, 100);
      t.is(await run.ended, 0);
      t.true(run.text().includes(wanted), run.text());
    }
  },
);

test.serial('every other list and card shows what it holds, and nothing of how it is made', async (t) => {
  const { alice, bob, carol } = t.context;
  t.is((await carol.pay('block', 'bob')).status, 0);
  const endpoint = await startEchoEndpoint();
  const adding = await carol.pay('webhooks', 'add', `${endpoint}/other`);
  t.regex(adding.stderr, /Pay-Signature; how to check it: https:\S+\/docs\)/);
  t.regex(adding.stderr, /ends with the session or token that made it: logging out ends it, too/);
  t.is((await carol.pay('webhooks', 'remove', adding.stdout.match(/whk_\w+/)?.[0] ?? '')).status, 0);
  const hook = (await carol.json('webhooks', 'add', `${endpoint}/pay`)) as { id: string };
  t.is((await alice.pay('send', 'carol', '3', '--yes')).status, 0);
  const delivery = await until('a delivery', async () => {
    const [first] = (await carol.json('webhooks', 'deliveries', hook.id)) as { id: string }[];
    return first;
  });
  const screens = [
    [['blocks'], /^user +blocked\r\nbob +just now\r\n/],
    [['webhooks', 'list'], new RegExp(`active +just now +${endpoint}/pay +\\* +${hook.id}\\r\\n`)],
    [['webhooks', 'deliveries', hook.id], /pending +payment\.received +just now +\d+ /],
    [['webhooks', 'resend', hook.id, delivery.id], /type +payment\.received\r\nstatus +pending/],
    [['unblock', 'bob'], /bob can ask and pay you again/],
    [['notifications'], /• just now +alice paid you 3\.60 EUR\r\n/],
  ] as const;
  for (const [words, wanted] of screens) {
    const run = runInTerminal(words, carol.environment, 140);
    t.is(await run.ended, 0, run.text());
    t.regex(run.text(), wanted);
    t.notRegex(run.text(), /\[object|undefined|null/);
  }
  const resending = runInTerminal(['webhooks', 'resend', hook.id], carol.environment);
  await resending.sees('Which delivery?');
  await resending.sees(/payment\.received · \w+ · \d+ \w+ \d{4}, [\d:]{8} \S+\r\n/);
  resending.type(controlC);
  t.is(await resending.ended, 130);
  const empty = runInTerminal(['notifications', '--unread'], carol.environment);
  t.is(await empty.ended, 0);
  t.regex(empty.text(), /Nothing is unread/);
  t.is((await bob.pay('blocks')).stdout, '');
});

for (const columns of [60, 80, 140]) {
  test.serial(
    `at ${columns} columns requests and notifications keep every amount and id whole`,
    async (t) => {
      const { alice, carol } = t.context;
      const memo =
        'a memo that is far too long for one line of any terminal that people use in real life, even wide ones';
      const id = await ask(alice, 'carol', '1234.56', '--memo', memo, '--confirm-duplicate', '*');
      for (const words of [['requests'], ['notifications', '--keep']]) {
        // Without colours there is no spinner, whose frames would stand behind each other here.
        const run = runInTerminal(words, { ...carol.environment, NO_COLOR: '1' }, columns);
        t.is(await run.ended, 0);
        t.regex(run.text(), /1,234\.56 GBP/);
        t.true(run.text().includes(id));
        const widest = Math.max(
          ...run
            .text()
            .split('\r\n')
            .map((line) => line.length),
        );
        t.true(widest <= columns, `${words[0]}: ${widest}`);
      }
      t.is((await alice.pay('requests', 'cancel', id)).status, 0);
    },
  );
}
