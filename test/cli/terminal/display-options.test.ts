import test from 'ava';
import { narrow } from '../../../cli/terminal/json-fields.js';
import {
  decimalPoint,
  groupedDigits,
  moneyHeadline,
  moneyText,
  readerLocale,
} from '../../../cli/terminal/money.js';
import { alignOnPoint } from '../../../cli/terminal/text/align.js';
import { colourLevel } from '../../../cli/terminal/text/colours.js';
import { localTime, relativeTime } from '../../../cli/terminal/time.js';

const terminal = { isTTY: true, getColorDepth: () => 8 };
const pipe = {};

test('a stream has colours when it is a terminal and nobody objects', (t) => {
  t.is(colourLevel(terminal, {}), 2);
  t.is(colourLevel(pipe, {}), 0);
  t.is(colourLevel(terminal, { NO_COLOR: '1' }), 0);
  t.is(colourLevel(terminal, { NO_COLOR: '' }), 2);
  t.is(colourLevel(terminal, { TERM: 'dumb' }), 0);
});

test('FORCE_COLOR says more than everything else', (t) => {
  t.is(colourLevel(pipe, { FORCE_COLOR: '1', NO_COLOR: '1' }), 1);
  t.is(colourLevel(pipe, { FORCE_COLOR: '' }), 1);
  t.is(colourLevel(pipe, { FORCE_COLOR: '3' }), 3);
  t.is(colourLevel(terminal, { FORCE_COLOR: '0' }), 0);
});

test('times are relative for a week and then a date', (t) => {
  const now = new Date('2026-11-22T18:00:00Z');
  const told = (at: string) => relativeTime(at, now, 'UTC');
  t.is(told('2026-11-22T17:59:30.123456Z'), 'just now');
  t.is(told('2026-11-22T18:00:20Z'), 'just now');
  t.is(told('2026-11-22T17:15:00Z'), '45 min ago');
  t.is(told('2026-11-22T06:00:00Z'), '12 h ago');
  t.is(told('2026-11-21T12:00:00Z'), 'yesterday');
  t.is(told('2026-11-18T12:00:00Z'), '4 days ago');
  t.is(told('2026-11-01T12:34:00Z'), '1 Nov, 12:34');
  t.is(told('2025-01-01T12:34:00Z'), '1 Jan 2025');
  t.is(told('soon'), 'soon');
  t.is(localTime('2026-11-22T17:59:30.123456Z', 'UTC'), '22 Nov 2026, 17:59:30 UTC');
});

test('numbers follow the locale of the reader, every digit kept', (t) => {
  t.is(groupedDigits('90071992547409.91', 'en-GB'), '90,071,992,547,409.91');
  t.is(groupedDigits('-1234.5', 'de-DE'), '-1.234,5');
  t.is(moneyText({ amount: '1500', currency: 'JPY' }, 'en-GB'), '1,500 JPY');
  t.is(moneyHeadline({ amount: '990.00', currency: 'GBP' }, 'en-GB'), '£990.00');
  t.is(moneyHeadline({ amount: '5.0', currency: 'ZZZ' }, 'en-GB'), '5.0 ZZZ');
  t.is(decimalPoint('de-DE'), ',');
});

test('the locale comes from the POSIX variables, and C means none in particular', (t) => {
  t.is(readerLocale({ LANG: 'de_DE.UTF-8' }), 'de-DE');
  t.is(readerLocale({ LANG: 'de_DE.UTF-8', LC_ALL: 'fr_FR' }), 'fr-FR');
  t.is(readerLocale({ LC_ALL: 'C' }), 'en-GB');
  t.is(readerLocale({ LANG: '!!' }), undefined);
});

test('amounts are written in the digits that can be typed, and without marks of direction', (t) => {
  for (const [name, small, headline] of [
    ['ar_EG.UTF-8', '-9.03', '954.57\u00a0UK£'],
    ['fa_IR', '-9.03', '£\u00a0954.57'],
    ['he_IL', '-9.03', '954.57\u00a0£'],
    ['bn_BD', '-9.03', '954.57£'],
  ] as const) {
    const locale = readerLocale({ LANG: name });
    t.is(groupedDigits('-9.03', locale).replace('\u2212', '-'), small, name);
    t.is(moneyHeadline({ amount: '954.57', currency: 'GBP' }, locale), headline, name);
    t.is(decimalPoint(locale), '.', name);
  }
});

test('an amount that is no decimal string is shown as it came, with hidden characters visible', (t) => {
  t.is(moneyText({ amount: '1\u001b[2J', currency: 'G\u202eP' }), '1‹U+001B›[2J G‹U+202E›P');
});

test('amounts align on the point of the locale', (t) => {
  t.deepEqual(alignOnPoint(['1.000,50 EUR', '7 JPY'], ','), ['1.000,50 EUR', '    7    JPY']);
});

test('fields narrow one object and each object of a list, and an unknown one is named', (t) => {
  t.deepEqual(narrow({ a: 1, b: 2 }, 'b'), { b: 2 });
  t.deepEqual(narrow([{ a: 1, b: 2 }], 'b, a'), [{ b: 2, a: 1 }]);
  t.deepEqual(narrow({ a: 1 }, undefined), { a: 1 });
  const error = t.throws(() => narrow({ a: 1, b: 2 }, 'c'));
  t.regex(error?.message ?? '', /no field c/);
});

test('small amounts are written without Intl as Intl would write them', (t) => {
  for (const locale of ['en-GB', 'en-US']) {
    for (const amount of ['0.01', '-0.50', '999.99', '15', '999', '1.125', '-999.999']) {
      const decimals = amount.split('.')[1]?.length ?? 0;
      const formatter = new Intl.NumberFormat(locale, {
        minimumFractionDigits: decimals,
        maximumFractionDigits: decimals,
      });
      t.is(groupedDigits(amount, locale), formatter.format(amount as `${number}`));
    }
    t.is(groupedDigits('1000.00', locale), '1,000.00');
    t.is(readerLocale({ LANG: `${locale.replace('-', '_')}.UTF-8` }), locale);
  }
});
