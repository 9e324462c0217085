import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import {
  CurrencyFileFault,
  parseCurrencyFile,
  readCurrencyFile,
} from '../../../server/features/conversion/currency-file.js';

const club = `# What the club counts in.
ratesAsOf = "2026-11-20"
source = "the committee"

[currencies]
GBP = {}
EUR = { rate = "1.2025" }

[currencies.PTS]
name = "Points"
symbol = "pts"
digits = 0
rate = "100"

[currencies.HRS]
name = "Hours"
digits = 2
`;

const faultOf = (text: string, path = 'club.toml'): string => {
  try {
    parseCurrencyFile(path, text);
    return '';
  } catch (error) {
    if (error instanceof CurrencyFileFault) {
      return error.message;
    }
    throw error;
  }
};

test('a file lists currencies of the built-in table and of one’s own, with rates or without', (t) => {
  t.deepEqual(parseCurrencyFile('club.toml', club), {
    base: 'GBP',
    asOf: '2026-11-20',
    source: 'the committee',
    currencies: [
      { code: 'EUR', name: 'Euro', symbol: '€', digits: 2, rate: '1.2025' },
      { code: 'GBP', name: 'British Pound', symbol: '£', digits: 2, rate: '1' },
      { code: 'HRS', name: 'Hours', symbol: 'HRS', digits: 2, rate: null },
      { code: 'PTS', name: 'Points', symbol: 'pts', digits: 0, rate: '100' },
    ],
  });
});

test('the example of the README is such a file', async (t) => {
  const readme = await readFile(join(import.meta.dirname, '../../../../README.md'), 'utf8');
  const example = /```toml\n(# club\.toml[\s\S]*?)```/.exec(readme)?.[1] ?? '';
  t.deepEqual(parseCurrencyFile('club.toml', example), parseCurrencyFile('club.toml', club));
});

test('the same as JSON is the same', (t) => {
  const json = JSON.stringify({
    ratesAsOf: '2026-11-20',
    source: 'the committee',
    currencies: {
      GBP: {},
      EUR: { rate: '1.2025' },
      PTS: { name: 'Points', symbol: 'pts', digits: 0, rate: '100' },
      HRS: { name: 'Hours', digits: 2 },
    },
  });
  t.deepEqual(parseCurrencyFile('club.json', json), parseCurrencyFile('club.toml', club));
});

const wrong: readonly (readonly [what: string, from: string, to: string, line: number, reason: RegExp])[] = [
  ['no TOML', 'GBP = {}', 'GBP = oops', 6, /./],
  ['a name twice', 'GBP = {}', 'GBP = {}\nGBP = {}', 7, /redefin|already/],
  ['a member that there is not', 'digits = 0', 'digit = 0', 12, /currencies\.PTS\.digit: is not a member/],
  ['a rate that is a number', 'rate = "100"', 'rate = 100', 13, /currencies\.PTS\.rate: a rate is text/],
  ['a rate with an exponent', '"1.2025"', '"1e3"', 7, /currencies\.EUR\.rate: a rate is a decimal/],
  ['a rate of nothing', '"1.2025"', '"0.00"', 7, /more than zero/],
  ['more digits than there can be', 'digits = 0', 'digits = 7', 12, /0 to 6 digits/],
  ['a date that there is not', '2026-11-20', '2026-02-30', 2, /ratesAsOf: the date/],
  ['a date that is no text', '"2026-11-20"', '2026-11-20', 2, /the date of the rates is text/],
  ['a code in small letters', '[currencies.PTS]', '[currencies.pts]', 9, /three capital letters/],
  [
    'other digits of one of ISO',
    'EUR = { rate',
    'EUR = { digits = 3, rate',
    7,
    /EUR is Euro, whose digits is 2/,
  ],
  ['one of its own without digits', 'digits = 2\n', '', 15, /HRS is a currency of your own/],
  ['another rate of the base', 'GBP = {}', 'GBP = { rate = "2" }', 6, /GBP is the base/],
];

for (const [what, from, to, line, reason] of wrong) {
  test(`${what} is refused with its line and the reason`, (t) => {
    const message = faultOf(club.replace(from, to));
    t.true(message.startsWith(`club.toml, line ${line}: `), message);
    t.regex(message, reason);
  });
}

test('five hundred currencies are taken, and no more', (t) => {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
  const codes = [...letters]
    .flatMap((second) => [...letters].map((third) => `Q${second}${third}`))
    .filter((code) => code !== 'QAR');
  const own = (code: string) =>
    `[currencies.${code}]\nname = "${code}"\nsymbol = "${code}"\ndigits = 2\nrate = "2"\n`;
  const listed = (count: number) =>
    `ratesAsOf = "2026-11-20"\n[currencies]\nGBP = {}\n${codes.slice(0, count).map(own).join('')}`;
  t.is(faultOf(listed(499)), '');
  t.regex(faultOf(listed(500)), /at most 500 currencies/);
});

test('of JSON too the line is told', (t) => {
  t.regex(faultOf('{\n  "ratesAsOf": "2026-11-20",\n  oops\n}', 'club.json'), /^club\.json, line 3: /);
  const twice = '{\n"ratesAsOf": "2026-11-20",\n"currencies": {\n"GBP": {},\n"GBP": {}}}';
  t.regex(faultOf(twice, 'club.json'), /GBP appears twice/);
});

test('of what has no end only the beginning is read', async (t) => {
  await t.throwsAsync(readCurrencyFile('/dev/zero'), {
    instanceOf: CurrencyFileFault,
    message: '/dev/zero is larger than 256 KiB.',
  });
});
