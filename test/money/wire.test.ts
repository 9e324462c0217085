import test from 'ava';
import { builtInRates } from '../../server/money/rate-table.js';
import { currencyJson, currencySchema, moneySchema } from '../../server/money/wire.js';

test('money has a decimal string and a currency, and nothing else', (t) => {
  t.true(moneySchema.safeParse({ amount: '12.50', currency: 'GBP' }).success);
  t.true(moneySchema.safeParse({ amount: '-12.50', currency: 'GBP' }).success);
  t.false(moneySchema.safeParse({ amount: 12.5, currency: 'GBP' }).success);
  t.false(moneySchema.safeParse({ amount: '1e3', currency: 'GBP' }).success);
  t.false(moneySchema.safeParse({ amount: '1', currency: 'gbp' }).success);
  t.false(moneySchema.safeParse({ amount: '1', currency: 'GBP', more: 1 }).success);
  t.false(moneySchema.safeParse({ amount: '1' }).success);
});

const unrated = { code: 'PTS', name: 'Points', symbol: '★', digits: 6, rate: null };

test('every currency has the shape of the contract', (t) => {
  for (const currency of [...builtInRates.currencies, unrated]) {
    const json = currencyJson(currency);
    t.deepEqual(currencySchema.parse(json), json);
    t.deepEqual(Object.keys(json), ['code', 'name', 'symbol', 'digits', 'rate']);
  }
});
