import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { Failure } from '../../../cli/failure/failure.js';
import { listUnsettled } from '../../../cli/home/unsettled.js';
import { openPayouts, type PayoutRecord } from '../../../cli/payouts/earlier/journal.js';
import { type Bill, isSameBill, openBills } from '../../../cli/requests/bills.js';
import { looksTheSame, openActs, type PendingAct } from '../../../cli/settling/pending.js';
import { makeFolder } from '../support/run-pay.js';

const owner = { server: 'https://pay.example', user: 'alice' };
const common = { ...owner, createdAt: '2026-11-22T18:00:00.000Z' };

const act: PendingAct = {
  ...common,
  kind: 'payment',
  outcome: 'bob was paid 10 GBP',
  marks: ['bob', '10', 'GBP'],
  key: 'one',
  method: 'POST',
  path: '/v1/payments',
  body: { to: 'bob', amount: '10' },
  command: ['pay', 'send', 'bob', '10'],
};
const bill: Bill = {
  ...common,
  key: 'one',
  shares: [{ key: 'one-1', body: { from: 'bob', amount: '10', currency: 'GBP' } }],
  terms: ['bob', '10'],
  command: ['pay', 'request', 'bob', '10'],
};
const payout: PayoutRecord = {
  ...common,
  contentHash: 'hash',
  path: '/tmp/payouts.csv',
  mode: 'each',
  callSize: 1000,
  keys: ['one'],
  finishedAt: null,
  command: ['pay', 'send', '--file', '/tmp/payouts.csv'],
};

/** The three kinds of record that pay keeps, each with a record as it is written today. */
const kinds = [
  { folder: 'pending', open: () => openActs, record: act, text: /whether bob was paid 10 GBP/ },
  { folder: 'bills', open: () => openBills, record: bill, text: /whether bob was asked for money/ },
  { folder: 'payouts', open: () => openPayouts, record: payout, text: /payouts\.csv was not paid out/ },
];

for (const { folder: name, open, record, text } of kinds) {
  const journalIn = (folder: string) => open()(folder) as ReturnType<typeof openActs>;

  test(`what is written in ${name} is found, told at home to its owner, and gone once removed`, async (t) => {
    const folder = await makeFolder();
    const journal = journalIn(folder);
    await journal.write(record as PendingAct);
    t.like(await journal.find(record as PendingAct), record);
    const [told, ...more] = await listUnsettled(folder, owner);
    t.regex(told?.text ?? '', text);
    t.is(told?.settle, record.command.join(' '));
    t.deepEqual(more, []);
    t.deepEqual(await listUnsettled(folder, { ...owner, user: 'bob' }), []);
    await journal.remove(record as PendingAct);
    t.is(await journal.find(record as PendingAct), undefined);
    t.deepEqual(await listUnsettled(folder, owner), []);
  });

  for (const [what, contents] of [
    ['is cut', '{"key": "one", "serv'],
    ['is of no known form', '{"version": 9, "server": "https://pay.example", "user": "alice"}'],
    ['is no object', '[]'],
  ] as const) {
    test(`a record in ${name} that ${what} is said aloud and never taken for none`, async (t) => {
      const folder = await makeFolder();
      const journal = journalIn(folder);
      await journal.write(record as PendingAct);
      const [file = ''] = await readdir(join(folder, name));
      const path = join(folder, name, file);
      await writeFile(path, contents);

      const failure = await t.throwsAsync(journal.find(record as PendingAct), { instanceOf: Failure });
      t.true(failure?.message.includes(path));
      await t.throwsAsync(journal.all(), { instanceOf: Failure });
      t.deepEqual(await journal.list(), { records: [], unreadable: [path] });
      const [told] = await listUnsettled(folder, owner);
      t.true(told?.text.includes(`${path} cannot be read`));
      t.is(told?.settle, `mv ${path} ${path}.old`);
    });
  }
}

test('an act that an earlier version wrote is told of, and may be any on its path', async (t) => {
  const folder = await makeFolder();
  const { kind: _kind, outcome: _outcome, marks: _marks, ...earlier } = act;
  await mkdir(join(folder, 'pending'), { recursive: true });
  await writeFile(join(folder, 'pending', 'one.json'), JSON.stringify({ version: 1, ...earlier }));

  const found = await openActs(folder).find({ key: 'one' });
  t.like(found, earlier);
  const [told] = await listUnsettled(folder, owner);
  t.regex(told?.text ?? '', /whether what an earlier version of pay sent to \/v1\/payments was done/);
  t.is(told?.settle, 'pay send bob 10');

  t.true(found !== undefined && looksTheSame(found, act));
  t.true(found !== undefined && looksTheSame({ ...act, marks: ['carol', '1', 'USD'] }, found));
  t.false(found === undefined || looksTheSame(found, { ...act, path: '/v1/requests/req_1/accept' }));
  t.false(found === undefined || looksTheSame(found, { ...act, user: 'carol' }));
});

test('a bill that an earlier version wrote goes on where the same is asked again', async (t) => {
  const folder = await makeFolder();
  const { terms, ...earlier } = bill;
  await openBills(folder).write({ ...earlier, wish: terms } as unknown as Bill);
  const [found] = await openBills(folder).all();
  t.deepEqual(found?.terms, bill.terms);
  t.true(found !== undefined && isSameBill(bill, found));
});

test('a payouts file that was paid out to its end is not told of', async (t) => {
  const folder = await makeFolder();
  await openPayouts(folder).write({ ...payout, finishedAt: '2026-11-22T19:00:00.000Z' });
  t.deepEqual(await listUnsettled(folder, owner), []);
});
