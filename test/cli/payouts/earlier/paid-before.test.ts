import test from 'ava';
import { forgetOld } from '../../../../cli/payouts/earlier/forget-old.js';
import { openPayouts, type PayoutRecord } from '../../../../cli/payouts/earlier/journal.js';
import { contentHashOf, digestLines } from '../../../../cli/payouts/earlier/line-digest.js';
import { lately, paidBefore } from '../../../../cli/payouts/earlier/paid-before.js';
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

test('lines that were paid a week ago are not warned of, and of two payouts the later is told', (t) => {
  const records = [payout(7), payout(3), payout(5)];
  t.deepEqual(
    paidBefore(lines, lately(records, now)).map(({ record }) => record),
    [payout(3)],
  );
  t.deepEqual(paidBefore(lines, lately([payout(7)], now)), []);
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
