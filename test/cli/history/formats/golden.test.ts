import { join } from 'node:path';
import test from 'ava';
import type { AccountWriter, Wanted } from '../../../../cli/history/account-writer.js';
import { makeBeancountWriter } from '../../../../cli/history/beancount.js';
import { makeLedgerWriter } from '../../../../cli/history/ledger.js';
import { makeOfxWriter } from '../../../../cli/history/ofx.js';
import { isGolden } from '../../../support/golden.js';
import { testWith } from '../../../support/needs.js';
import { root } from '../../support/run-pay.js';
import { millionths } from './support/decimal.js';
import { fixedHistory } from './support/histories.js';
import {
  includedInBeancount,
  includedInHledger,
  loadInBeancount,
  loadInLedgers,
  needsLedgers,
} from './support/programs.js';
import { readOfx } from './support/read-ofx.js';
import { readBeancount, readLedger } from './support/read-postings.js';
import { aliceStatement } from './support/statements.js';
import { everything, written } from './support/written.js';

/** A payment in yen that no number of decimals divides by its cost without a rest. */
const inYen = fixedHistory.slice(-1).map((payment) => ({
  ...payment,
  kind: 'transfer' as const,
  direction: 'sent' as const,
  from: 'Yuki',
  to: 'bob',
  sent: { amount: '1500', currency: 'JPY' },
  received: { amount: '7.41', currency: 'GBP' },
  balanceAfter: { amount: '-1500', currency: 'JPY' },
}));

const expected = (name: string) => join(root, 'test/cli/history/formats', `${name}.expected`);

test('a journal for Ledger and hledger, to the letter', async (t) => {
  const text = written(makeLedgerWriter(everything), fixedHistory);
  await isGolden(t, text, expected('ledger'));
  const { sums, transactions, isWhole, assertions } = readLedger(text);
  t.is(assertions, 1);
  t.is(sums.of('Assets:Pay:alice GBP'), millionths('1021.00'));
  t.is(transactions, fixedHistory.length);
  t.true(isWhole);
});

test('a file for Beancount, to the letter', async (t) => {
  const text = written(makeBeancountWriter(everything), fixedHistory);
  await isGolden(t, text, expected('beancount'));
  const { sums, transactions, isWhole, assertions } = readBeancount(text);
  t.is(assertions, 1);
  t.is(sums.of('Assets:Pay:Alice GBP'), millionths('1021.00'));
  t.is(transactions, fixedHistory.length);
  t.true(isWhole);
});

testWith(...needsLedgers)('Ledger, hledger and Beancount load them and find the balance', async (t) => {
  const balance = '1021.00 GBP';
  await loadInLedgers(t, written(makeLedgerWriter(everything), fixedHistory), {
    account: 'Assets:Pay:alice',
    balance,
  });
  await loadInBeancount(t, written(makeBeancountWriter(everything), fixedHistory), {
    account: 'Assets:Pay:Alice',
    balance,
  });
});

testWith(...needsLedgers)(
  'hledger reads the amounts as they are where a comma is the decimal mark around it',
  async (t) => {
    const journal = written(makeLedgerWriter(everything), fixedHistory);
    for (const around of ['decimal-mark ,', 'D 1.000,00 GBP']) {
      t.is((await includedInHledger(t, around, [journal])).replace(/[.,]/g, ''), '102100 GBP', around);
    }
  },
);

testWith(...needsLedgers)(
  'two exports are read together where one leaves declarations to the other',
  async (t) => {
    const parts = [fixedHistory.slice(2), fixedHistory.slice(0, 2)];
    const both = (make: (wanted: Wanted) => AccountWriter) =>
      parts.map((part, at) => written(make({ hasDeclarations: at === 0, isWhole: at === 0 }), part));
    const own = 'account Equity:Pay:Adjustments';
    t.is(await includedInHledger(t, own, both(makeLedgerWriter)), '1021.00 GBP');
    await includedInBeancount(t, '1970-01-01 open Equity:Pay:Adjustments', both(makeBeancountWriter));
  },
);

test('declarations that are left out are there as comments, to be copied', (t) => {
  const wanted = { hasDeclarations: false, isWhole: true };
  const ledger = written(makeLedgerWriter(wanted), fixedHistory);
  t.regex(ledger, /^decimal-mark \.\n\n; Not declared here:\n; tag time\n/);
  t.true(ledger.includes('\n; account Assets:Pay:alice\n'));
  t.notRegex(ledger, /^(?:account|commodity|tag)/m);
  const beancount = written(makeBeancountWriter(wanted), fixedHistory);
  t.true(beancount.includes('\n; 1970-01-01 open Assets:Pay:Alice GBP\n'));
  t.notRegex(beancount, /^\S+ open/m);
});

test('a part of a history asserts no balance', (t) => {
  const part = { hasDeclarations: true, isWhole: false };
  t.is(readLedger(written(makeLedgerWriter(part), fixedHistory)).assertions, 0);
  t.is(readBeancount(written(makeBeancountWriter(part), fixedHistory)).assertions, 0);
});

test('Beancount needs no option, so that what is included keeps what it says', (t) => {
  const text = written(makeBeancountWriter(everything), inYen);
  t.notRegex(text, /^option/m);
  t.regex(text, /Assets:Pay:Yuki {2}-1500\.0 JPY/);
});

testWith(...needsLedgers)(
  'Beancount balances what was converted from a currency without decimals',
  async (t) => {
    await includedInBeancount(t, '', [written(makeBeancountWriter(everything), inYen)]);
  },
);

test('a refund undoes what it gives back: nothing of it is left among the expenses', (t) => {
  const { sums } = readLedger(written(makeLedgerWriter(everything), fixedHistory));
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
  const text = written(makeOfxWriter(aliceStatement), fixedHistory);
  await isGolden(t, text, expected('ofx'));
  const { sum, balance, currency, transactions } = readOfx(text);
  t.is(currency, 'GBP');
  t.is(sum, millionths('1021.00'));
  t.is(balance, sum);
  t.deepEqual(
    transactions.map(({ FITID }) => FITID),
    fixedHistory.map(({ id }) => id).reverse(),
  );
  t.is(transactions.at(-1)?.MEMO, 'fee & <charge>');
});

test('what is cut off has no end', (t) => {
  const [ledger, beancount, ofx] = [
    makeLedgerWriter(everything),
    makeBeancountWriter(everything),
    makeOfxWriter(aliceStatement),
  ];
  const cut = (writer: AccountWriter) => written({ ...writer, end: () => '' }, fixedHistory);
  t.false(readLedger(cut(ledger)).isWhole);
  t.false(readBeancount(cut(beancount)).isWhole);
  t.throws(() => readOfx(cut(ofx)), { message: /not closed/ });
});

test('a history without payments is whole, too', async (t) => {
  const [ledger, beancount] = [makeLedgerWriter(everything), makeBeancountWriter(everything)];
  t.true(readLedger(written(ledger, [])).isWhole);
  t.true(readBeancount(written(beancount, [])).isWhole);
  const ofx = makeOfxWriter(aliceStatement);
  t.is(readOfx(written(ofx, [])).balance, millionths('1000.00'));
});
