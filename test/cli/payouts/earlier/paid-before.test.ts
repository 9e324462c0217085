import test from 'ava';
import { forgetOld } from '../../../../cli/payouts/earlier/forget-old.js';
import { openPayouts, type PayoutRecord } from '../../../../cli/payouts/earlier/journal.js';
import { contentHashOf, digestLines } from '../../../../cli/payouts/earlier/line-digest.js';
import { lately, linesAsSent, paidBefore } from '../../../../cli/payouts/earlier/paid-before.js';
import { makeFolder } from '../../support/run-pay.js';

const now = new Date('2026-11-22T18:00:00.000Z');
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000).toISOString();
const lines = digestLines([{ line: 2, to: 'bob', amount: '10' }], 'GBP');

const payout = (days: number, contentHash = 'hash'): PayoutRecord => ({
  server: 'https://pay.example',
  user: 'alice',
  contentHash,
  path: '/tmp/payouts.csv',
  mode: 'each',
  callSize: 1000,
  keys: ['one'],
  digests: lines.map(({ digest }) => digest),
  createdAt: daysAgo(days),
  finishedAt: daysAgo(days),
  command: ['pay', 'send', '--file', '/tmp/payouts.csv'],
});

test('amounts are told apart by their value alone, and what is paid by all that a line says', (t) => {
  const hashOf = (amount: string, more = {}) =>
    contentHashOf(digestLines([{ line: 2, to: 'bob', amount, ...more }], 'GBP'));
  t.is(hashOf('10'), hashOf('10.00'));
  t.is(hashOf('0.5'), hashOf('0.50', { line: 7, currency: 'GBP', memo: '' }));
  const others = [hashOf('10'), hashOf('1'), hashOf('100'), hashOf('10.01'), hashOf('10', { memo: 'x' })];
  others.push(hashOf('10', { currency: 'USD' }), hashOf('10', { to: 'carol' }));
  t.is(new Set(others).size, others.length);
});

test('a file says the same with its lines in another order, names in capitals and line breaks of the other kind', (t) => {
  const bob = { line: 2, to: 'bob', amount: '10', memo: 'one\ntwo' };
  const carol = { line: 4, to: 'carol', amount: '5' };
  const hashOf = (...some: (typeof bob | typeof carol)[]) => contentHashOf(digestLines(some, 'GBP'));
  t.is(hashOf(bob, carol), hashOf(carol, { ...bob, to: 'BOB', memo: 'one\r\ntwo' }));
  t.not(hashOf(bob, carol), hashOf(bob, carol, carol));
});

test('lines that were paid a week ago are not warned of, and of two payouts the later is told', (t) => {
  const records = [payout(7), payout(3), payout(5)];
  t.deepEqual(
    paidBefore(lines, lately(records, now)).map(({ record }) => record),
    [payout(3)],
  );
  t.deepEqual(paidBefore(lines, lately([payout(7)], now)), []);
});

test('wages of a week ago are meant again: six days are the first that nobody warns of', (t) => {
  t.deepEqual(lately([payout(6)], now), []);
  t.is(lately([payout(5.99)], now).length, 1);
});

test('of lines that are alike, as many count as paid as one payout had', (t) => {
  const alike = [2, 3, 4].flatMap((line) => lines.map((one) => ({ ...one, line })));
  const both = { ...payout(2), digests: [...lines, ...lines].map(({ digest }) => digest) };
  const told = paidBefore(alike, [payout(1), both]);
  t.deepEqual(
    told.map(({ record, lines: paid }) => [record, paid.map(({ line }) => line)]),
    [
      [payout(1), [2]],
      [both, [3]],
    ],
  );
});

const items = [
  { to: 'bob', amount: '10' },
  { to: 'carol', amount: '5' },
];
const { digests: _none, ...unfinished } = { ...payout(1), items, currency: 'GBP', finishedAt: null };

test('the lines of a payout that is not finished may have been paid', (t) => {
  t.deepEqual(paidBefore(lines, [unfinished]), [{ record: unfinished, lines }]);
});

test('an unfinished payout goes on in the order and writing it was sent in, and only with all of its lines', (t) => {
  const file = [
    { line: 2, to: 'Carol', amount: '5.00' },
    { line: 3, to: 'bob', amount: '10' },
  ];
  t.like(linesAsSent(unfinished, digestLines(file, 'GBP')), [
    { line: 3, to: 'bob', amount: '10' },
    { line: 2, to: 'carol', amount: '5' },
  ]);
  t.is(linesAsSent(unfinished, digestLines(file.slice(1), 'GBP')), undefined);
  t.is(linesAsSent({ ...unfinished, items: [...items, ...items] }, digestLines(file, 'GBP')), undefined);
});

test('who was paid is forgotten after a while, and so are the oldest of many payouts; what is open stays', async (t) => {
  const journal = openPayouts(await makeFolder());
  const open = { ...payout(400, 'open'), finishedAt: null };
  const records = [open, payout(36, 'old'), payout(34, 'young')];
  for (const record of records) {
    await journal.write(record);
  }
  const oldest = payout(60, 'oldest');
  await journal.write(oldest);
  const many = Array.from({ length: 998 }, (_, index) => payout(1, `new ${index}`));
  await forgetOld(journal, [...records, oldest, ...many], now);
  t.like(await journal.find(open), open);
  t.is((await journal.find(payout(36, 'old')))?.digests, undefined);
  t.is((await journal.find(payout(36, 'old')))?.finishedAt, daysAgo(36));
  t.deepEqual((await journal.find(payout(34, 'young')))?.digests, payout(34).digests);
  t.is(await journal.find(oldest), undefined);
});

test('what was begun once more since it was read is not forgotten', async (t) => {
  const journal = openPayouts(await makeFolder());
  const begun = { ...payout(0), finishedAt: null };
  await journal.write(begun);
  await forgetOld(journal, [payout(36)], now);
  t.like(await journal.find(begun), begun);
});
