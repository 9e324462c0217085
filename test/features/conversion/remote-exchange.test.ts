import test from 'ava';
import {
  farOffCurrencies,
  isQuoteFarOff,
  makeRemoteExchange,
} from '../../../server/features/conversion/remote-exchange.js';
import { builtInRates, type RateTable, tooOldDays } from '../../../server/money/rate-table.js';

const quote = (sent: number, received: number) => ({
  sent: { minor: sent, currency: 'GBP' },
  received: { minor: received, currency: 'USD' },
  ...{ rate: '1', ratesAsOf: '2026-11-20' },
});

test('a quote is believed up to a tenth off what was in force, and what rounding explains', (t) => {
  for (const [sent, received, isOff] of [
    [10_000, 12_700, false],
    [10_000, 13_970, false],
    [10_000, 13_972, true],
    [10_000, 11_430, false],
    [10_000, 11_428, true],
    [1, 2, false],
    [1, 3, true],
  ] as const) {
    t.is(isQuoteFarOff(quote(sent, received), 'sent', builtInRates), isOff, `${sent} ${received}`);
  }
  t.false(isQuoteFarOff(quote(788, 1_000), 'received', builtInRates));
  t.true(isQuoteFarOff(quote(880, 1_000), 'received', builtInRates));
});

test('the currencies whose rates have leapt are named', (t) => {
  const at = (rate: string): RateTable => ({
    ...builtInRates,
    currencies: builtInRates.currencies.map((one) => (one.code === 'USD' ? { ...one, rate } : one)),
  });
  t.deepEqual(farOffCurrencies(builtInRates, at('1.39')), []);
  t.deepEqual(farOffCurrencies(builtInRates, at('1.40')), ['USD']);
  t.deepEqual(farOffCurrencies(builtInRates, at('1.14')), ['USD']);
});

test('a table of the service in which a rate has leapt is not taken until an operator allows it', async (t) => {
  const url = 'https://rates.example';
  const board = { inForce: { ...builtInRates, source: url } as RateTable };
  const currencies = board.inForce.currencies.map((one) =>
    one.code === 'USD' ? { ...one, rate: '2' } : one,
  );
  const leapt: RateTable = { ...board.inForce, asOf: '2026-11-21', currencies };
  const warnings: string[] = [];
  const exchange = makeRemoteExchange({
    ...{ board, url, nowMs: () => 0, warn: (text) => void warnings.push(text) },
    remote: { convert: async () => undefined, fetchTable: async () => leapt, close: async () => {} },
    async putIntoForce(table) {
      board.inForce = table;
    },
  });
  const before = board.inForce;
  t.is(await exchange.shown(), before);
  t.is(board.inForce, before);
  t.regex(warnings.join(), /rates for USD that are more than a tenth off/);
  await exchange.allow([], 'GBP');
  t.is(board.inForce, leapt);
});

test('a rate that is a tenth off to the last digit has not leapt, one that is a digit further has', (t) => {
  const at = (rate: string): RateTable => ({
    ...builtInRates,
    currencies: [{ code: 'USD', name: '', symbol: '', digits: 2, rate }],
  });
  for (const [before, after, isOff] of [
    ['1', '1.1', false],
    ['1', '0.9', false],
    ['3', '3.3', false],
    ['1.27', '1.397', false],
    ['1.27', '1.397000000000001', true],
    ['999999999999999.000000000000001', '1099999999999998.900000000000001', false],
    ['999999999999999.000000000000001', '1099999999999998.900000000000002', true],
  ] as const) {
    t.deepEqual(farOffCurrencies(at(before), at(after)), isOff ? ['USD'] : [], `${before} to ${after}`);
  }
});

test('rates are old when they are more than ninety days old', (t) => {
  t.is(tooOldDays('2026-01-01', new Date('2026-04-01T12:00:00Z')), undefined);
  t.is(tooOldDays('2026-01-01', new Date('2026-04-02T12:00:00Z')), 91);
});
