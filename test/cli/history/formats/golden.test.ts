import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { makeBeancountWriter } from '../../../../cli/history/beancount.js';
import { makeLedgerWriter } from '../../../../cli/history/ledger.js';
import { makeOfxWriter } from '../../../../cli/history/ofx.js';
import type { ListWriter } from '../../../../cli/lists/list-writer.js';
import type { PaymentJson } from '../../../../server/features/payments/wire.js';
import { millionths } from './support/decimal.js';
import { fixedHistory } from './support/histories.js';
import { loadInBeancount, loadInLedgers } from './support/programs.js';
import { readOfx } from './support/read-ofx.js';
import { readBeancount, readLedger } from './support/read-postings.js';
import { aliceStatement } from './support/statements.js';

const written = (writer: ListWriter<PaymentJson>) =>
  writer.begin() +
  writer.items(fixedHistory.slice(0, 3)) +
  writer.items(fixedHistory.slice(3)) +
  writer.end();

const expected = (name: string) => readFile(join(import.meta.dirname, `${name}.expected`), 'utf8');

test('a journal for Ledger and hledger, to the letter, which both load and find the balance in', async (t) => {
  const text = written(makeLedgerWriter());
  t.is(text, await expected('ledger'));
  const { sums, transactions, isWhole } = readLedger(text);
  t.is(sums.of('Assets:Pay:alice GBP'), millionths('1021.00'));
  t.is(transactions, fixedHistory.length);
  t.true(isWhole);
  await loadInLedgers(t, text, { account: 'Assets:Pay:alice', balance: '1021.00 GBP' });
});

test('a file for Beancount, to the letter, which it loads and finds the balance in', async (t) => {
  const text = written(makeBeancountWriter());
  t.is(text, await expected('beancount'));
  const { sums, transactions, isWhole } = readBeancount(text);
  t.is(sums.of('Assets:Pay:Alice GBP'), millionths('1021.00'));
  t.is(transactions, fixedHistory.length);
  t.true(isWhole);
  await loadInBeancount(t, text, { account: 'Assets:Pay:Alice', balance: '1021.00 GBP' });
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
  t.is(text, await expected('ofx'));
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
