import test from 'ava';
import { currencies, currencyOf, findCurrency } from '../../server/money/currency.js';
import { baseCurrency, rates, ratesAsOf } from '../../server/money/rates.js';

const codes = currencies.map((currency) => currency.code);

test('the currencies of the contract are there', (t) => {
  for (const code of ['GBP', 'USD', 'EUR', 'CHF', 'CAD', 'AUD', 'JPY', 'INR', 'KWD']) {
    t.true(codes.includes(code), code);
  }
});

test('every currency has the decimals that ISO 4217 gives it', (t) => {
  const withDigits = (digits: number) =>
    currencies.filter((currency) => currency.digits === digits).map((currency) => currency.code);
  t.deepEqual(withDigits(0), ['CLP', 'ISK', 'JPY', 'KRW', 'VND']);
  t.deepEqual(withDigits(3), ['BHD', 'JOD', 'KWD', 'OMR', 'TND']);
  t.is(withDigits(2).length, currencies.length - 10);
});

test('codes are three capitals, sorted, each once', (t) => {
  t.true(codes.every((code) => /^[A-Z]{3}$/.test(code)));
  t.deepEqual(codes, [...new Set(codes)].sort());
});

test('no two currencies share a symbol', (t) => {
  t.is(new Set(currencies.map((currency) => currency.symbol)).size, currencies.length);
});

test('every currency has a rate and every rate a currency', (t) => {
  t.deepEqual(Object.keys(rates).sort(), codes);
});

test('rates are canonical decimals above zero, and the base currency is worth itself', (t) => {
  for (const [code, rate] of Object.entries(rates)) {
    t.regex(rate, /^(?:[1-9][0-9]*(?:\.[0-9]*[1-9])?|0\.[0-9]*[1-9])$/, code);
  }
  t.is(rates[baseCurrency], '1');
  t.is(rates.USD, '1.27');
});

test('the date of the rates is an ISO date', (t) => {
  t.is(new Date(`${ratesAsOf}T00:00:00Z`).toISOString().slice(0, 10), ratesAsOf);
});

test('a currency is found by its code in capitals only', (t) => {
  t.is(findCurrency('GBP')?.name, 'British Pound');
  for (const wrong of ['gbp', 'Gbp', 'XXX', '', ' GBP', 'constructor', '__proto__']) {
    t.is(findCurrency(wrong), undefined, wrong);
  }
});

test('an unknown code is an assertion that fails', (t) => {
  t.is(currencyOf('JPY').digits, 0);
  t.throws(() => currencyOf('XXX'), { instanceOf: RangeError });
});
