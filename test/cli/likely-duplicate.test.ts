import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import anyTest, { type TestFn } from 'ava';
import type { PaymentJson } from '../../server/features/payments/wire.js';
import type { RequestJson } from '../../server/features/requests/wire.js';
import { type LastingPayServer, startPayServer } from './support/pay-server.js';
import { type Person, registerInside } from './support/person.js';
import { runPayInside } from './support/run-pay-inside.js';
import { runInTerminal } from './support/terminal.js';

const test = anyTest as TestFn<{ server: LastingPayServer }>;

const enter = '\r';

test.before(async (t) => {
  t.context = { server: await startPayServer() };
});

test.after.always(async (t) => {
  await t.context.server?.stop();
});

const balance = async (person: Person) => ((await person.json('balance')) as { amount: string }).amount;
const outgoing = async (person: Person) =>
  (await person.json('requests', '--outgoing', '--all')) as RequestJson[];

test('invoices of one amount are told apart by their memos, and what has a key of its own is meant', async (t) => {
  const { server } = t.context;
  const ann = await registerInside(server, 'ann', 'GBP');
  await registerInside(server, 'ben', 'GBP');
  const send = ['send', 'ben', '2.5', '--yes', '--memo'];
  for (const words of [
    ['invoice 1', '--key', 'inv-1'],
    ['invoice 2'],
    ['invoice 1', '--key', 'inv-2'],
    ['invoice 1', '--key', 'inv-3'],
  ]) {
    const { status, stderr } = await ann.pay(...send, ...words);
    t.is(status, 0, stderr);
  }
  t.is((await ann.pay(...send, 'invoice 1')).status, 1);
  const replay = await ann.pay(...send, 'invoice 1', '--key', 'inv-2');
  t.is(replay.status, 0, replay.stderr);
  t.is(await balance(ann), '990.00');
});

test('a line of a payout file keeps nobody from paying the same by itself', async (t) => {
  const { server } = t.context;
  const cat = await registerInside(server, 'cat', 'GBP');
  await registerInside(server, 'dan', 'GBP');
  const file = join(cat.folder, 'payouts.csv');
  await writeFile(file, 'to,amount\ndan,1.00\n');
  t.is((await cat.pay('send', '--file', file, '--yes')).status, 0);
  const { status, stderr } = await cat.pay('send', 'dan', '1', '--yes');
  t.is(status, 0, stderr);
  t.is(await balance(cat), '998.00');
});

test('the same request again within minutes needs to be said to be meant', async (t) => {
  const { server } = t.context;
  const eva = await registerInside(server, 'eva', 'GBP');
  await registerInside(server, 'fin', 'GBP');
  const words = ['request', 'fin', '10', '--memo', 'lunch'];
  const { id } = (await eva.json(...words)) as RequestJson;
  for (const refused of [
    await eva.pay(...words),
    await eva.pay(...words, '--yes'),
    await eva.pay(...words, '--dry-run'),
  ]) {
    t.is(refused.status, 1);
    t.regex(refused.stderr, /You have asked for the same already \(just now\)\. Nobody was asked now\./);
    t.true(refused.stderr.includes(`--confirm-duplicate ${id}`));
  }
  t.is((await outgoing(eva)).length, 1);
  t.is((await eva.pay(...words, '--confirm-duplicate', id)).status, 0);
  t.is((await eva.pay(...words, '--key', 'lunch-3')).status, 0);
  t.is((await eva.pay(...words, '--key', 'lunch-3')).status, 0);
  t.is((await outgoing(eva)).length, 3);
});

test('the same refund again within minutes needs to be said to be meant', async (t) => {
  const { server } = t.context;
  const gus = await registerInside(server, 'gus', 'GBP');
  const hal = await registerInside(server, 'hal', 'GBP');
  const { id: payment } = (await gus.json('send', 'hal', '10', '--yes')) as { id: string };
  const words = ['refund', payment, '2', '--yes'];
  const { id } = (await hal.json(...words)) as { id: string };
  const refused = await hal.pay(...words);
  t.is(refused.status, 1);
  t.regex(refused.stderr, /You have given the same back already \(just now\)\. Nothing was given back now\./);
  t.true(refused.stderr.includes(`--confirm-duplicate ${id}`));
  t.is(await balance(hal), '1008.00');
  t.is((await hal.pay(...words, '--confirm-duplicate', id)).status, 0);
  t.is((await hal.pay(...words, '--key', 'third')).status, 0);
  t.is(await balance(hal), '1004.00');
});

test('a person at a terminal is shown the earlier request or refund and asked whether it is done again', async (t) => {
  const { server } = t.context;
  const ida = await registerInside(server, 'ida', 'GBP');
  const jon = await registerInside(server, 'jon', 'GBP');
  const asking = ['request', 'jon', '10', '--memo', 'lunch'];
  const first = runInTerminal(asking, ida.environment);
  t.is(await first.ended, 0);
  t.false(first.text().includes('Ask?'));
  for (const [answer, status] of [
    ['n', 1],
    ['y', 0],
  ] as const) {
    const again = runInTerminal(asking, ida.environment);
    await again.sees('You asked jon for 10.00 GBP (lunch) just now: req_');
    await again.sees('Ask again?');
    again.type(`${answer}${enter}`);
    t.is(await again.ended, status);
  }
  t.is((await outgoing(ida)).length, 2);

  const { id } = (await ida.json('send', 'jon', '10', '--yes')) as { id: string };
  t.is((await jon.pay('refund', id, '2', '--yes')).status, 0);
  const refund = runInTerminal(['refund', id, '2'], jon.environment);
  await refund.sees('You gave ida 2.00 GBP back just now: pay_');
  await refund.sees('Give it back again?');
  refund.type(`y${enter}`);
  t.is(await refund.ended, 0);
  t.is(await balance(jon), '1006.00');
});

test('asking, accepting and giving back can be tried out, and nothing is done', async (t) => {
  const { server } = t.context;
  const kim = await registerInside(server, 'kim', 'GBP');
  const lee = await registerInside(server, 'lee', 'USD');
  const tried = (await kim.json('request', 'lee', '10', '--dry-run')) as { id: null; payer: string };
  t.like(tried, { id: null, payer: 'lee', status: 'pending' });
  const bill = await kim.pay('request', 'lee', 'nobody-here', '10', '--split', '--dry-run');
  t.is(bill.status, 3);
  t.deepEqual(await outgoing(kim), []);

  const { id } = (await kim.json('request', 'lee', '10')) as RequestJson;
  const accepted = (await lee.json('requests', 'accept', id, '--dry-run')) as { payment: PaymentJson };
  t.like(accepted.payment, { id: null, sent: { amount: '12.70', currency: 'USD' } });
  t.is((await lee.pay('requests', 'accept', id, '--dry-run', '--max', '12.69')).status, 1);
  t.is(await balance(lee), '1270.00');
  const paid = (await lee.json('requests', 'accept', id, '--yes')) as { payment: { id: string } };
  const back = (await kim.json('refund', paid.payment.id, '--dry-run')) as PaymentJson;
  t.like(back, { id: null, sent: { amount: '10.00', currency: 'GBP' } });
  t.is(await balance(kim), '1010.00');
});

test('a script that pays beside a request for exactly this is told on stderr, and pays', async (t) => {
  const { server } = t.context;
  const mia = await registerInside(server, 'mia', 'GBP');
  const ned = await registerInside(server, 'ned', 'GBP');
  const { id } = (await ned.json('request', 'mia', '5', '--memo', 'tea')) as RequestJson;
  const told = await mia.pay('send', 'ned', '5.00', '--yes');
  t.is(told.status, 0, told.stderr);
  t.regex(told.stderr, /^! ned asks you for exactly 5\.00 GBP \(tea\), just now: req_/);
  t.true(told.stderr.includes(`To pay it instead of paying beside it: pay requests accept ${id}\n`));
  for (const quiet of [
    ['--memo', 'json', '--json'],
    ['--key', 'tea-1'],
  ]) {
    const { status, stderr } = await mia.pay('send', 'ned', '5', '--yes', ...quiet);
    t.is(status, 0, stderr);
    t.notRegex(stderr, /asks you/);
  }
  const { stderr } = await mia.pay('send', 'ned', '6', '--yes');
  t.notRegex(stderr, /asks you/);
});

test('a token that may pay and not read pays without a word of requests', async (t) => {
  const { server } = t.context;
  const oli = await registerInside(server, 'oli', 'GBP');
  const pia = await registerInside(server, 'pia', 'GBP');
  t.is((await pia.pay('request', 'oli', '5')).status, 0);
  const { token } = (await oli.json('tokens', 'create', '--name', 'x', '--scopes', 'pay')) as {
    token: string;
  };
  const paid = await runPayInside(['send', 'pia', '5', '--yes'], { ...oli.environment, PAY_TOKEN: token });
  t.is(paid.status, 0, paid.stderr);
  t.notRegex(paid.stderr, /asks you|scope|may not/);
});
