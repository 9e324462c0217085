import { fileURLToPath } from 'node:url';
import test from 'ava';
import { execa } from 'execa';
import { paymentAmount } from './support/load/payment-amount.js';
import { median, medianRatio, quantile } from './support/load/statistics.js';
import { readWrkResult } from './support/load/wrk-result.js';
import { scriptFiles, wrkScript } from './support/load/wrk-script.js';
import { type Row, verdictOf } from './support/row.js';
import { renderTable } from './support/table.js';
import { isHeldBack } from './support/turns.js';

const rate: Row = {
  name: 'rate',
  what: 'a rate',
  better: 'more',
  must: 0.3,
  aim: 0.5,
  text: (figure) => figure.toFixed(2),
};
const wait: Row = { name: 'wait', what: 'a wait', better: 'less', must: 2, text: (figure) => `${figure} s` };

test('the median is the value in the middle, or the mean of the middle two', (t) => {
  t.is(median([9, 1, 5]), 5);
  t.is(median([4, 1, 2, 9]), 3);
  t.is(median([]), Number.NaN);
});

test('a quantile lies at its share of the sorted values', (t) => {
  const hundred = Array.from({ length: 101 }, (_, index) => 100 - index);
  t.is(quantile(hundred, 0.5), 50);
  t.is(quantile(hundred, 0.99), 99);
});

test('the ratio of two is the median of the ratios of their rounds, so that a slow round counts on both sides', (t) => {
  t.is(medianRatio([10, 1, 12], [20, 2, 20]), 0.5);
});

test('what is not reached is MISSED, whichever way is better, and so is what could not be measured', (t) => {
  t.is(verdictOf(rate, 0.29), 'MISSED');
  t.is(verdictOf(rate, 0.3), 'reached');
  t.is(verdictOf(rate, 0.5), 'aim reached');
  t.is(verdictOf(wait, 2.1), 'MISSED');
  t.is(verdictOf(wait, 1.9), 'reached');
  t.is(verdictOf(wait, Number.NaN), 'MISSED');
  t.is(verdictOf(wait, Number.POSITIVE_INFINITY), 'MISSED');
});

test('a figure whose reference was held back may miss, but shows nothing where it does not', (t) => {
  t.is(verdictOf(rate, 0.61, true), 'not known');
  t.is(verdictOf(rate, 0.29, true), 'MISSED');
});

test('a bare server that used little of a core was held back, and one whose CPU is not known may have been', (t) => {
  const turn = { succeeded: 1, failed: 0, p50Micros: 1, p99Micros: 1 };
  t.false(isHeldBack([{ ...turn, perSecond: 18_000, cpuMicrosEach: 55 }]));
  t.true(isHeldBack([{ ...turn, perSecond: 6_000, cpuMicrosEach: 63 }]));
  t.true(isHeldBack([{ ...turn, perSecond: 18_000, cpuMicrosEach: Number.NaN }]));
});

test('the table is Markdown whose columns line up', (t) => {
  const reached = [
    { row: rate, figure: 0.41 },
    { row: wait, figure: undefined },
  ];
  t.is(
    renderTable(reached),
    [
      '| what   | reached | must | aim  |         |',
      '| ------ | ------- | ---- | ---- | ------- |',
      '| a rate | 0.41    | 0.30 | 0.50 | reached |',
      '| a wait | failed  | 2 s  |      | MISSED  |',
    ].join('\n'),
  );
});

test('a result of wrk counts what was refused as failed, and leaves it out of the rate', (t) => {
  const line =
    'pay-bench {"requests":1000,"micros":2000000,"refused":100,"lost":3,"p50Micros":700,"p99Micros":4200,"number":1070}';
  t.deepEqual(readWrkResult(`Running 2s test @ https://127.0.0.1:1/\n${line}\n`), {
    succeeded: 900,
    failed: 103,
    perSecond: 450,
    p50Micros: 700,
    p99Micros: 4200,
    nextPayment: 1070,
  });
});

test('where wrk had no answer at all, the times are infinite and not zero', (t) => {
  const line =
    'pay-bench {"requests":0,"micros":1000000,"refused":0,"lost":0,"p50Micros":0,"p99Micros":0,"number":1}';
  t.is(readWrkResult(line).p50Micros, Number.POSITIVE_INFINITY);
  t.throws(() => readWrkResult('unable to connect to 127.0.0.1'), { message: /no result/ });
});

test('no two payments of a load have the same amount', (t) => {
  t.deepEqual([0, 1, 50].map(paymentAmount), ['1.00', '1.02', '2.00']);
});

test('a script of wrk names its server, begins at the number it is given, and posts only where something is posted', (t) => {
  const load = { url: 'https://127.0.0.1:4321', path: '/v1/me', connections: 1, seconds: 1, senders: [] };
  const get = wrkScript(load, scriptFiles('/nowhere'), 7);
  t.true(get.includes('GET /v1/me HTTP/1.1\\13\\10Host: 127.0.0.1:4321'));
  t.true(get.includes('number = 7'));
  const post = wrkScript({ ...load, posted: { payTo: [] } }, scriptFiles('/nowhere'), 7);
  t.true(post.includes('POST /v1/me'));
});

test('a bench that is called with wrong words says so in a line, and measures nothing', async (t) => {
  for (const bench of ['bench.js', 'fair.js']) {
    const program = fileURLToPath(new URL(bench, import.meta.url));
    for (const [words, said] of [
      [['--quik'], /^Unknown option '--quik'\. See --help\.$/],
      [['--only'], /^Option '--only <value>' argument missing\. See --help\.$/],
      [['--only', 'nothing'], /^There is no (row|case) nothing\. Name some of [^\n]+\. See --help\.$/],
    ] as const) {
      const { exitCode, stdout, stderr } = await execa(process.execPath, [program, ...words], {
        reject: false,
      });
      t.is(exitCode, 2);
      t.is(stdout, '');
      t.regex(stderr, said);
    }
  }
});
