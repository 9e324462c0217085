import test from 'ava';
import { readBillWords } from '../../../cli/requests/read-bill-words.js';

const cases: readonly (readonly [string, readonly string[], string | undefined, string | undefined])[] = [
  ['bob 10', ['bob'], '10', undefined],
  ['bob 10 usd', ['bob'], '10', 'usd'],
  ['bob carol dave 90.50', ['bob', 'carol', 'dave'], '90.50', undefined],
  ['bob eve 90 JPY', ['bob', 'eve'], '90', 'JPY'],
  ['007 10', ['007'], '10', undefined],
  ['007', ['007'], undefined, undefined],
  ['007 usd', ['007', 'usd'], undefined, undefined],
  ['bob', ['bob'], undefined, undefined],
  ['bob eve', ['bob', 'eve'], undefined, undefined],
  ['bob 1e3', ['bob'], '1e3', undefined],
  ['bob .5', ['bob'], '.5', undefined],
  ['bob +5', ['bob'], '+5', undefined],
  ['bob ١٢', ['bob'], '١٢', undefined],
  ['', [], undefined, undefined],
];

for (const [line, users, amount, currency] of cases) {
  test(`"${line}" asks ${users.join(' and ') || 'nobody'} for ${amount ?? 'nothing yet'}`, (t) => {
    const words = line === '' ? [] : line.split(' ');
    t.deepEqual(readBillWords(words), { users, amount, currency });
  });
}
