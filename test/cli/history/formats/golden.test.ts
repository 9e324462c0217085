import { join } from 'node:path';
import test from 'ava';
import { makeBeancountWriter } from '../../../../cli/history/beancount.js';
import { makeLedgerWriter } from '../../../../cli/history/ledger.js';
import { makeOfxWriter } from '../../../../cli/history/ofx.js';
import type { ListWriter } from '../../../../cli/lists/list-writer.js';
import type { PaymentJson } from '../../../../server/features/payments/wire.js';
import { isGolden } from '../../../support/golden.js';
import { testWith } from '../../../support/needs.js';
import { root } from '../../support/run-pay.js';
import { millionths } from './support/decimal.js';
import { fixedHistory } from './support/histories.js';
import { loadInBeancount, loadInLedgers, needsLedgers } from './support/programs.js';
import { readOfx } from './support/read-ofx.js';
import { readBeancount, readLedger } from './support/read-postings.js';
import { aliceStatement } from './support/statements.js';

const written = (writer: ListWriter<PaymentJson>) =>
  writer.begin() +
  writer.items(fixedHistory.slice(0, 3)) +
  writer.items(fixedHistory.slice(3)) +
  writer.end();

const expected = (name: string) => join(root, 'test/cli/formats', `${name}.expected`);

test('a journal for Ledger and hledger, to the letter', async (t) => {
  const text = written(makeLedgerWriter());
  await isGolden(t, text, expected('ledger'));
  const { sums, transactions, isWhole } = readLedger(text);
  t.is(sums.of('Assets:Pay:alice GBP'), millionths('1021.00'));
  t.is(transactions, fixedHistory.length);
  t.true(isWhole);
});

test('a file for Beancount, to the letter', async (t) => {
  const text = written(makeBeancountWriter());
  await isGolden(t, text, expected('beancount'));
  const { sums, transactions, isWhole } = readBeancount(text);
  t.is(sums.of('Assets:Pay:Alice GBP'), millionths('1021.00'));
  t.is(transactions, fixedHistory.length);
  t.true(isWhole);
});

testWith(...needsLedgers)('Ledger, hledger and Beancount load them and find the balance', async (t) => {
  const balance = '1021.00 GBP';
  await loadInLedgers(t, written(makeLedgerWriter()), { account: 'Assets:Pay:alice', balance });
  await loadInBeancount(t, written(makeBeancountWriter()), { account: 'Assets:Pay:Alice', balance });
});

test('a refund undoes what it gives back: nothing of it is left among the expenses', (t) => {
  const { sums } = readLedger(written(makeLedgerWriter()));
  t.deepEqual(sums.left().sort(), [
    'Assets:Pay:alice GBP',
    'Equity:Pay:Adjustments GBP',
    'Equity:Pay:Opening Credit GBP',
    'Expenses:Pay KWD',
    'Income:Pay GBP',
    'Income:Pay USD',
  ]);
  t.is(sums.of('Income:Pay GBP'), millionths('-11.33'));
});

test('a bank statement, to the letter, whose transactions come to its balance', async (t) => {
  const text = written(makeOfxWriter(aliceStatement));
  await isGolden(t, text, expected('ofx'));
  const { sum, balance, currency, transactions } = readOfx(text);
  t.is(currency, 'GBP');
  t.is(sum, millionths('1021.00'));
  t.is(balance, sum);
  t.deepEqual(
    transactions.map(({ FITID }) => FITID),
    fixedHistory.map(({ id }) => id),
  );
  t.is(transactions[0]?.MEMO, 'fee & <charge>');
});

test('what is cut off has no end', (t) => {
  const [ledger, beancount, ofx] = [makeLedgerWriter(), makeBeancountWriter(), makeOfxWriter(aliceStatement)];
  const cut = (writer: ListWriter<PaymentJson>) => writer.begin() + writer.items(fixedHistory);
  t.false(readLedger(cut(ledger)).isWhole);
  t.false(readBeancount(cut(beancount)).isWhole);
  t.throws(() => readOfx(cut(ofx)), { message: /not closed/ });
});

test('a history without payments is whole, too', async (t) => {
  const [ledger, beancount] = [makeLedgerWriter(), makeBeancountWriter()];
  t.true(readLedger(ledger.begin() + ledger.end()).isWhole);
  t.true(readBeancount(beancount.begin() + beancount.end()).isWhole);
  const ofx = makeOfxWriter(aliceStatement);
  t.is(readOfx(ofx.begin() + ofx.end()).balance, millionths('1000.00'));
});
