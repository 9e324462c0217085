import { readFileSync } from 'node:fs';
import test from 'ava';
import { Refusal } from '../../../server/errors.js';
import { makeReadThread } from '../../../server/features/payouts/read-thread.js';
import { payoutBodyBytes, payoutBodyValues, payoutSchema } from '../../../server/features/payouts/wire.js';
import { parseStrictJson } from '../../../server/http/read/strict-json.js';
import { validate } from '../../../server/http/read/validate.js';
import { makeGate } from '../../../server/http/serve/bounded-gate.js';
import { currencies, useCurrencies } from '../../../server/money/currency.js';
import { needsThreadTimes, testWith } from '../../support/needs.js';

const one = { ofOne: 1, inAll: 1 };
const read = makeReadThread(
  makeGate({ running: one, waiting: { ofOne: 9, inAll: 99 }, tooMany: 'Too many.' }),
);

type Item = Readonly<Record<string, unknown>>;

const bodyOf = (item: (index: number) => Item) =>
  JSON.stringify({ mode: 'each', items: Array.from({ length: 1_000 }, (_, index) => item(index)) });

const right = bodyOf((index) => ({
  to: `user${index}`,
  amount: '1.00',
  currency: 'GBP',
  memo: 'é'.repeat(400),
}));
const wrong = bodyOf((index) => ({ to: 'é'.repeat(400), amount: index, [`x${index}`]: 1, currency: 'zzz' }));

const bodies: readonly string[] = [
  right,
  wrong,
  bodyOf(() => ({ to: 'bob', amount: '1.00', currency: 'BTC' })),
  bodyOf(() => ({ to: 'bob', amount: '1'.repeat(900) })),
  bodyOf(() => ({ to: 'bob', a: 1, b: 1, c: 1, d: 1, e: 1 })),
  right.slice(0, -1),
  right.replace('"mode":"each"', '"mode":"each","mode":"all"'),
  right.replace('user7"', 'user\\u0000"'),
];

/** What is made of a body, or the refusal. */
async function outcomeOf(work: () => unknown): Promise<unknown> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Refusal)) {
      throw error;
    }
    const { code, message, details } = error;
    return { code, message, details };
  }
}

const readHere = (text: string) =>
  validate(payoutSchema, parseStrictJson(Buffer.from(text), payoutBodyValues), 'body');

test.serial('a thread makes of each body what would be made of it here', async (t) => {
  t.timeout(120_000);
  for (const text of bodies) {
    t.true(Buffer.byteLength(text) <= payoutBodyBytes);
    t.deepEqual(
      await outcomeOf(() => read(Buffer.from(text), 'alice', '192.0.2.1')),
      await outcomeOf(async () => readHere(text)),
    );
  }
});

test.serial('it knows the currencies that count when it is asked', async (t) => {
  t.teardown(() => useCurrencies(currencies));
  useCurrencies([...currencies, { code: 'BTC', name: 'Bitcoin', symbol: '₿', digits: 8 }]);
  const text = bodyOf(() => ({ to: 'bob', amount: '1.00', currency: 'BTC' }));
  t.like(await read(Buffer.from(text), 'alice', '192.0.2.1'), { mode: 'each', dryRun: false });
});

/** Milliseconds that the loop of this process has been on a processor. */
const loopMs = () =>
  Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;

testWith(needsThreadTimes)('the loop is held up for little of it', async (t) => {
  for (const text of [right, wrong]) {
    const bytes = Buffer.from(text);
    const before = loopMs();
    await outcomeOf(() => read(bytes, 'alice', '192.0.2.1'));
    const taken = loopMs() - before;
    t.log(`${bytes.length} bytes: ${taken.toFixed(1)} ms`);
    t.true(taken < 30, `${taken} ms`);
  }
});
