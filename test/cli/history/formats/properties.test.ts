import assert from 'node:assert';
import test from 'ava';
import fc from 'fast-check';
import { accountPart, makeBeancountWriter } from '../../../../cli/history/beancount.js';
import { makeLedgerWriter } from '../../../../cli/history/ledger.js';
import { makeOfxWriter } from '../../../../cli/history/ofx.js';
import { testWith } from '../../../support/needs.js';
import { millionths } from './support/decimal.js';
import { type AnyHistory, anyHistory } from './support/histories.js';
import { loadInBeancount, loadInLedgers, needsLedgers } from './support/programs.js';
import { readOfx } from './support/read-ofx.js';
import { readBeancount, readLedger } from './support/read-postings.js';
import { aliceStatement } from './support/statements.js';
import { everything, written } from './support/written.js';

const numRuns = 1_000;

test('whatever people write and whatever they are called, the journals read back with the same sums', (t) => {
  fc.assert(
    fc.property(anyHistory, (history) => {
      const { owner, currency, payments, total } = history;
      for (const [journal, account] of [
        [readLedger(written(makeLedgerWriter(everything), payments)), owner],
        [readBeancount(written(makeBeancountWriter(everything), payments)), accountPart(owner)],
      ] as const) {
        t.is(journal.sums.of(`Assets:Pay:${account} ${currency}`), millionths(total));
        t.is(journal.transactions, payments.length);
        t.true(journal.isWhole);
      }
    }),
    { numRuns },
  );
});

test('and so do bank statements', (t) => {
  fc.assert(
    fc.property(anyHistory, (history) => {
      const { owner, currency, payments, total } = history;
      const balance = { amount: total, currency };
      const user = { ...aliceStatement.user, username: owner, currency, balance };
      const statement = readOfx(written(makeOfxWriter({ ...aliceStatement, user }), payments));
      t.is(statement.sum, millionths(total));
      t.is(statement.balance, millionths(total));
      t.is(statement.transactions.length, payments.length);
    }),
    { numRuns },
  );
});

testWith(...needsLedgers)('the real programs load such histories without a complaint', async (t) => {
  t.timeout(60_000);
  for (const history of fc
    .sample(anyHistory, { seed: 5, numRuns: 6 })
    .filter(({ payments }) => payments.length > 0)) {
    const { owner, currency, total, payments } = history;
    const balance = `${/[1-9]/.test(total) ? total : 0} ${currency}`;
    await loadInLedgers(t, written(makeLedgerWriter(everything), history.payments), {
      account: `Assets:Pay:${owner}`,
      balance,
    });
    const account = `Assets:Pay:${accountPart(owner)}`;
    await loadInBeancount(t, written(makeBeancountWriter(everything), payments), { account, balance });
  }
});

test('every username becomes a part of an account that Beancount takes', (t) => {
  t.is(accountPart('alice'), 'Alice');
  t.is(accountPart('a.b+c@d_e-f'), 'A-dot-b-plus-c-at-d-underscore-e-f');
  t.is(accountPart('-x'), 'Hyphen-x');
  t.is(accountPart('.'), 'Dot-');
  t.is(accountPart('1st'), '1st');
});

const longMemos = ['\u202e'.repeat(500), '😀'.repeat(250), 'ラ'.repeat(500)].map((memo): AnyHistory => {
  const histories = fc.sample(anyHistory, { seed: 1, numRuns: 50 });
  const [history = assert.fail()] = histories.filter(({ payments }) => payments.length > 2);
  return { ...history, payments: history.payments.map((payment) => ({ ...payment, memo })) };
});

test('a memo of the greatest length fits the lines that Ledger reads', (t) => {
  for (const history of longMemos) {
    const lines = written(makeLedgerWriter(everything), history.payments).split('\n');
    t.true(lines.every((line) => Buffer.byteLength(line) < 4_096));
  }
});

testWith(...needsLedgers)('Ledger and hledger load a memo of the greatest length', async (t) => {
  for (const history of longMemos) {
    const { total, currency, owner } = history;
    const wanted = { account: `Assets:Pay:${owner}`, balance: `${total} ${currency}` };
    await loadInLedgers(t, written(makeLedgerWriter(everything), history.payments), wanted);
  }
});
