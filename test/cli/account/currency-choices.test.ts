import test from 'ava';
import { likelyFirst } from '../../../cli/account/currency-choices.js';
import { currencies } from '../../../server/money/currency.js';

const all = currencies.map(({ code, name, symbol, digits }) => ({ code, name, symbol, digits, rate: null }));
const first = (locale: string | undefined, usual?: string) =>
  likelyFirst(all, locale, usual)
    .slice(0, 3)
    .map(({ code }) => code);

test('the currency of the reader’s country stands first, then the common ones', (t) => {
  t.deepEqual(first('en-GB'), ['GBP', 'USD', 'EUR']);
  t.deepEqual(first('de'), ['EUR', 'USD', 'JPY']);
  t.deepEqual(first('de-CH'), ['CHF', 'USD', 'EUR']);
  t.deepEqual(first('pt-BR'), ['BRL', 'USD', 'EUR']);
  t.deepEqual(first(undefined), ['USD', 'EUR', 'JPY']);
  t.deepEqual(first('en-GB', 'KWD'), ['KWD', 'GBP', 'USD']);
});

test('every currency is there once, the others by their codes', (t) => {
  const codes = likelyFirst(all, 'en-GB').map(({ code }) => code);
  t.deepEqual(codes.toSorted(), all.map(({ code }) => code).toSorted());
  t.deepEqual(codes.slice(8), codes.slice(8).toSorted());
});
