import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import type { Api } from '../../../cli/api/api.js';
import { type ApiAnswer, type Call, Unanswered } from '../../../cli/api/call.js';
import { NothingSent } from '../../../cli/api/transport.js';
import { Failure } from '../../../cli/failure/failure.js';
import { paymentAct } from '../../../cli/payments/payment-act.js';
import { sendCommand } from '../../../cli/payments/send-command.js';
import { openActs, type PendingAct } from '../../../cli/settling/pending.js';
import { settle } from '../../../cli/settling/settle.js';
import { settleCommand } from '../../../cli/settling/settle-command.js';
import { makeFolder } from '../support/run-pay.js';

const body = { to: 'bob', amount: '10', memo: 'lunch' };
const place = { server: 'https://pay.example', profileName: 'alice' };

const pending: PendingAct = {
  ...paymentAct(body),
  key: 'key-1',
  method: 'POST',
  path: '/v1/payments',
  body,
  server: place.server,
  user: 'alice',
  createdAt: '2026-11-22T18:00:00.000Z',
  command: settleCommand(sendCommand(body), 'key-1', place),
};

type Event =
  | 'paid'
  | 'lost'
  | 'no connection'
  | 'no session'
  | '503'
  | '429'
  | '401'
  | '409'
  | 'proxy 404'
  | 'portal 200';

function answer(status: number, content: object | string, headers: Record<string, string> = {}): ApiAnswer {
  return { status, headers, text: typeof content === 'string' ? content : JSON.stringify(content) };
}

const answers: Readonly<Record<Exclude<Event, 'lost' | 'no connection' | 'no session'>, ApiAnswer>> = {
  paid: answer(201, { id: 'pay_1' }),
  '503': answer(503, { code: 'STORAGE_UNAVAILABLE' }, { 'retry-after': '1' }),
  '429': answer(429, { code: 'RATE_LIMITED' }, { 'retry-after': '1' }),
  '401': answer(401, { code: 'UNAUTHENTICATED' }),
  '409': answer(409, { code: 'INSUFFICIENT_FUNDS' }),
  'proxy 404': answer(404, '<html>'),
  'portal 200': answer(200, '{}'),
};

interface Told {
  readonly outcome: string;
  readonly calls: readonly Call[];
  readonly waitsMs: readonly number[];
  readonly kept: boolean;
  /** What is to be typed next. */
  readonly next: readonly string[] | undefined;
}

/** Settles against a network that behaves as the events say, the last one for ever, with time that passes only in waits. */
async function settleThrough(events: readonly Event[], mayBeSent = false): Promise<Told> {
  const folder = await makeFolder();
  const journal = openActs(folder);
  await journal.write(pending);
  const calls: Call[] = [];
  const waitsMs: number[] = [];
  let nowMs = 0;
  let next: readonly string[] | undefined;
  const api: Api = {
    server: place.server,
    exchange: async (call) => {
      const event = events[Math.min(calls.length, events.length - 1)] ?? 'lost';
      calls.push(call);
      if (event === 'lost') {
        throw new Unanswered(new Error('cut'));
      }
      if (event === 'no connection') {
        throw new NothingSent(new Error('refused'));
      }
      if (event === 'no session') {
        throw new Failure('not-logged-in', 'Nobody is logged in.');
      }
      return answers[event];
    },
    call: () => Promise.reject(new Error('no operation is called here')),
    stream: () => Promise.reject(new Error('not used')),
    close: async () => {},
  };
  const outcome = await settle(pending, mayBeSent, {
    api,
    journal,
    say: async () => {},
    signal: new AbortController().signal,
    now: () => new Date(nowMs),
    sleep: async (ms) => {
      waitsMs.push(ms);
      nowMs += ms;
    },
  }).then(
    () => 'paid',
    (error: unknown) => {
      next = error instanceof Failure ? error.details.next : undefined;
      return error instanceof Failure ? error.kind : String(error);
    },
  );
  const kept = (await readdir(join(folder, 'pending'))).length > 0;
  return { outcome, calls, waitsMs, kept, next };
}

const cases: readonly (readonly [readonly Event[], string, boolean])[] = [
  [['paid'], 'paid', false],
  [['lost', 'paid'], 'paid', false],
  [['503', 'no connection', '429', 'paid'], 'paid', false],
  [['409'], 'refused', false],
  [['lost', '409'], 'refused', false],
  [['401'], 'not-logged-in', false],
  [['lost', '401'], 'unknown', true],
  [['no session'], 'not-logged-in', false],
  [['lost', 'no session'], 'not-logged-in', true],
  [['no connection'], 'unreachable', false],
  [['lost', 'no connection'], 'unknown', true],
  [['503'], 'unknown', true],
  [['429'], 'unreachable', false],
  [['lost', '429'], 'unknown', true],
  [['proxy 404'], 'unreachable', false],
  [['lost', 'proxy 404'], 'unknown', true],
  [['portal 200'], 'unknown', true],
];

for (const [events, outcome, isKept] of cases) {
  test(`${events.join(', then ')}: the payment ends as ${outcome}${isKept ? ', and is kept' : ''}`, async (t) => {
    const told = await settleThrough(events);
    t.is(told.outcome, outcome);
    t.is(told.kept, isKept);
  });
}

test('where the session has ended meanwhile, logging in comes before what settles the payment', async (t) => {
  const { next } = await settleThrough(['lost', '401']);
  t.is(next?.[0], 'Log in first: pay login');
  t.regex(next?.at(-1) ?? '', /^pay send .*--key /);
});

test('a payment of an earlier command that cannot be reached now stays unknown', async (t) => {
  const told = await settleThrough(['no connection'], true);
  t.is(told.outcome, 'unknown');
  t.true(told.kept);
});

test('waits grow, are as long as the server asks at least, and end with fifteen seconds', async (t) => {
  t.deepEqual((await settleThrough(['lost'])).waitsMs, [400, 800, 1_600, 3_200, 6_400]);
  t.deepEqual((await settleThrough(['503', '429', 'lost', 'paid'])).waitsMs, [1_000, 1_000, 1_600]);
});

const someEvent = fc.constantFrom<Event>(
  'paid',
  'lost',
  'no connection',
  '503',
  '429',
  '401',
  '409',
  'proxy 404',
  'portal 200',
);

// What the server may have done without our hearing of it.
const opens: readonly Event[] = ['lost', '503', 'portal 200'];

test('whatever the network does, every try has the one key, and nothing is called done or undone that is open', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(someEvent, { minLength: 1, maxLength: 6 }), async (events) => {
      const { outcome, calls, kept } = await settleThrough(events);
      const met = calls.map((_, index) => events[Math.min(index, events.length - 1)]);
      const last = met.at(-1);
      const isOpen = met.some((event) => event !== undefined && opens.includes(event));
      t.true(calls.every((call) => call.idempotencyKey === pending.key && call.body === pending.body));
      t.is(outcome === 'paid', last === 'paid');
      t.is(outcome === 'refused', last === '409');
      t.is(outcome === 'unknown', isOpen && last !== 'paid' && last !== '409');
      t.is(kept, outcome === 'unknown');
    }),
    { numRuns: 300 },
  );
});

test('the command that settles repeats every part of the payment, also words that look like flags', (t) => {
  t.deepEqual(settleCommand(sendCommand(body), 'k', place), [
    'pay',
    'send',
    '--memo',
    'lunch',
    '--key',
    'k',
    '--profile',
    'alice',
    '--yes',
    'bob',
    '10',
  ]);
  const odd = { to: '-bob', amount: '10', currency: 'USD', memo: '--yes', maxDebit: '9' };
  t.deepEqual(settleCommand(sendCommand(odd), '-k', { server: place.server }), [
    'pay',
    'send',
    '--memo=--yes',
    '--max',
    '9',
    '--key=-k',
    '--server',
    place.server,
    '--yes',
    '--',
    '-bob',
    '10',
    'USD',
  ]);
});
