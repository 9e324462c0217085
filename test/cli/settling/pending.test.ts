import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { type AdjustmentBody, adjustmentAct } from '../../../cli/admin/payments/adjustment.js';
import { paymentAct, refundAct } from '../../../cli/payments/payment-act.js';
import { acceptanceAct } from '../../../cli/requests/request-act.js';
import { isSameAct, looksTheSame, openActs, type PendingAct } from '../../../cli/settling/pending.js';
import { makeFolder } from '../support/run-pay.js';

function payment(key: string, more: Partial<PendingAct> = {}): PendingAct {
  const body = { to: 'bob', amount: '10', ...more.body };
  return {
    ...paymentAct(body),
    key,
    method: 'POST',
    path: '/v1/payments',
    body: { to: 'bob', amount: '10' },
    server: 'https://pay.example',
    user: 'alice',
    createdAt: '2026-11-22T18:00:00.000Z',
    command: ['pay', 'send'],
    ...more,
  };
}

test('what is written is found, listed, and gone once removed', async (t) => {
  const folder = await makeFolder();
  const journal = openActs(folder);
  t.deepEqual(await journal.all(), []);
  await journal.write(payment('one'));
  await journal.write(payment('two'));
  t.like(await journal.find({ key: 'one' }), payment('one'));
  t.is((await journal.all()).length, 2);
  await journal.remove({ key: 'one' });
  t.is(await journal.find({ key: 'one' }), undefined);
  t.is((await journal.all()).length, 1);
});

test('any key that the server takes is a key here, and leads to no other file', async (t) => {
  const folder = await makeFolder();
  const journal = openActs(folder);
  const keys = ['../../config', '/etc/passwd', 'a/b', '.', '..', '~'.repeat(255), 'con', 'a', 'A', 'a"b'];
  for (const key of keys) {
    await journal.write(payment(key));
    t.is((await journal.find({ key }))?.key, key);
  }
  t.deepEqual(await readdir(folder), ['pending']);
  // Some file systems take two names for one that differ in case.
  const names = (await readdir(join(folder, 'pending'))).map((name) => name.toLowerCase());
  t.is(new Set(names).size, keys.length);
});

test('the journal is its owner’s alone', async (t) => {
  const folder = await makeFolder();
  await openActs(folder).write(payment('one'));
  t.is((await stat(join(folder, 'pending'))).mode & 0o777, 0o700);
  t.is((await stat(join(folder, 'pending', 'one.json'))).mode & 0o777, 0o600);
});

test('a write that was cut by a crash is not taken for a payment', async (t) => {
  const folder = await makeFolder();
  const journal = openActs(folder);
  await journal.write(payment('one'));
  await writeFile(join(folder, 'pending', 'two.json.abc.tmp'), '{"key":');
  t.is((await journal.all()).length, 1);
});

test('a payment looks the same where the same person pays the same amount to the same person', (t) => {
  const one = payment('one');
  t.true(looksTheSame(one, payment('two', { body: { to: 'BOB', amount: '10', memo: 'other' } })));
  t.false(looksTheSame(one, payment('two', { body: { to: 'bob', amount: '10.01' } })));
  t.false(looksTheSame(one, payment('two', { body: { to: 'bob', amount: '10', currency: 'USD' } })));
  t.false(looksTheSame(one, payment('two', { user: 'carol' })));
  t.false(looksTheSame(one, payment('two', { server: 'https://other.example' })));
});

test('two acts on the same request or payment look the same, whatever their details', (t) => {
  const refund = (id: string, body = {}) => payment('one', refundAct(id, body));
  t.true(looksTheSame(refund('pay_1'), refund('pay_1', { amount: '1' })));
  t.false(looksTheSame(refund('pay_1'), refund('pay_2')));
  t.true(looksTheSame(payment('one', acceptanceAct('req_1')), payment('two', acceptanceAct('req_1'))));
  t.false(looksTheSame(payment('one', acceptanceAct('req_1')), payment('two', acceptanceAct('req_2'))));
  t.false(looksTheSame(payment('one', acceptanceAct('one')), payment('two', refundAct('one', {}))));
});

test('acts are the same only where the same person asks the same server for the same', (t) => {
  const one = payment('one');
  t.true(isSameAct(one, payment('two')));
  t.false(isSameAct(one, payment('two', { body: { to: 'bob', amount: '10', memo: 'x' } })));
  t.false(isSameAct(one, payment('two', { body: { to: 'bob', amount: '10', confirmDuplicateOf: 'pay_1' } })));
  t.false(isSameAct(payment('two', { body: { to: 'bob', amount: '10', memo: 'x' } }), one));
  t.false(isSameAct(one, payment('two', { path: '/v1/payments/pay_1/refunds' })));
  t.false(isSameAct(one, payment('two', { user: 'carol' })));
  t.false(isSameAct(one, payment('two', { server: 'https://other.example' })));
});

test('adjustments of a user by the same amount in the same direction look the same', (t) => {
  const adjustment = (body: AdjustmentBody) => payment('one', adjustmentAct(body));
  const first = adjustment({ username: 'bob', amount: '10', direction: 'credit', reason: 'x' });
  const looks = (body: AdjustmentBody) => looksTheSame(first, adjustment(body));
  t.true(looks({ username: 'BOB', amount: '10', direction: 'credit', reason: 'y' }));
  t.false(looks({ username: 'bob', amount: '10', direction: 'debit', reason: 'x' }));
  t.false(looks({ username: 'bob', amount: '11', direction: 'credit', reason: 'x' }));
  t.false(looks({ username: 'carol', amount: '10', direction: 'credit', reason: 'x' }));
});
