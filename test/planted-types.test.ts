import { join } from 'node:path';
import test from 'ava';
import { typeFaultsIn } from './support/type-check.js';

const root = join(import.meta.dirname, '../..');

const given = `
import type { Api } from '../cli/api/api.js';
import { eachOfList } from '../cli/api/stream-list.js';
import { fetchList } from '../cli/api/fetch-list.js';
import { targetOf } from '../cli/api/operation.js';
import { isRefusedFor, type Verdict } from '../cli/api/verdict.js';
import type { Context } from '../cli/context.js';
import { show } from '../cli/terminal/show.js';
import { shown } from '../cli/terminal/text/shown.js';
import { Refusal } from '../server/errors.js';
import { sendPayment } from '../server/features/payments/send-payment.js';
import { decide } from '../server/ledger/decide.js';
import type { Caller, Decision } from '../server/ledger/rule.js';
import type { ErrorCode, OperationName } from '../server/wire.js';

declare const api: Api;
declare const context: Context;
declare const error: unknown;
declare const caller: Caller;
declare const verdict: Verdict;
declare const [ledger, call, order, quote]: Parameters<typeof decidePayment>;
declare function decidePayment(
  ledger: Parameters<typeof decide>[0],
  call: Parameters<typeof decide>[1],
  order: Parameters<typeof sendPayment.decide>[1],
  quote: Parameters<typeof sendPayment.decide>[2]['facts'],
): void;
const payment = await api.call('GET /v1/payments/{id}', { params: { id: 'pay_1' } });
const { stdout, stderr, prompts, say, page } = context;
export const used = [
  eachOfList, fetchList, targetOf, isRefusedFor, show, shown, Refusal, sendPayment, decide, error, verdict, caller,
  ledger, call, order, quote, payment, stdout, stderr, prompts, say, page,
];
export type Used = [ErrorCode, OperationName, Decision];
`;

interface Planted {
  readonly fault: string;
  readonly right: string;
  readonly wrong: string;
}

const planted: readonly Planted[] = [
  {
    fault: 'a body with an amount that is a number',
    right: `await api.call('POST /v1/payments', { body: { to: 'bob', amount: '10' } });`,
    wrong: `await api.call('POST /v1/payments', { body: { to: 'bob', amount: 10 } });`,
  },
  {
    fault: 'a body without what it needs',
    right: `await api.call('POST /v1/tokens', { body: { name: 'ci', scopes: ['read'] } });`,
    wrong: `await api.call('POST /v1/tokens', { body: { scopes: ['read'] } });`,
  },
  {
    fault: 'a body with a member that there is not',
    right: `await api.call('POST /v1/payments', { body: { to: 'bob', amount: '10', memo: 'x' } });`,
    wrong: `await api.call('POST /v1/payments', { body: { to: 'bob', amount: '10', note: 'x' } });`,
  },
  {
    fault: 'a path that there is not',
    right: `await api.call('GET /v1/me');`,
    wrong: `await api.call('GET /v1/mee');`,
  },
  {
    fault: 'a path with another method',
    right: `await api.call('DELETE /v1/tokens/{id}', { params: { id: 'tok_1' } });`,
    wrong: `await api.call('PATCH /v1/tokens/{id}', { params: { id: 'tok_1' } });`,
  },
  {
    fault: 'a path without its parameter',
    right: `await api.call('GET /v1/requests/{id}', { params: { id: 'req_1' } });`,
    wrong: `await api.call('GET /v1/requests/{id}', {});`,
  },
  {
    fault: 'an answer with a member that there is not',
    right: `(await api.call('GET /v1/time')).currentTime.trim();`,
    wrong: `(await api.call('GET /v1/time')).now.trim();`,
  },
  {
    fault: 'a list that is none',
    right: `await fetchList(context, 'GET /v1/payments', {}, 10);`,
    wrong: `await fetchList(context, 'GET /v1/me', {}, 10);`,
  },
  {
    fault: 'a list with a filter of another',
    right: `await fetchList(context, 'GET /v1/requests', { query: { status: 'pending' } }, 10);`,
    wrong: `await fetchList(context, 'GET /v1/requests', { query: { kind: 'refund' } }, 10);`,
  },
  {
    fault: 'an export of what is no list',
    right: `await eachOfList(context, { list: 'GET /v1/payments', query: {} }, 10, async (some) => some[0]?.memo === '');`,
    wrong: `await eachOfList(context, { list: 'GET /v1/me', query: {} }, 10, async () => true);`,
  },
  {
    fault: 'a stream in a media type that it has not',
    right: `await api.stream('GET /v1/events', 'text/event-stream');`,
    wrong: `await api.stream('GET /v1/events', 'text/csv');`,
  },
  {
    fault: 'an act of an operation that is no act',
    right: `targetOf('POST /v1/payments');`,
    wrong: `targetOf('POST /v1/sessions');`,
  },
  {
    fault: 'a rule by a name',
    right: `await decide(ledger, call, sendPayment, order, quote);`,
    wrong: `await decide(ledger, call, 'send-payments', order, quote);`,
  },
  {
    fault: 'a rule with an input that lacks a field',
    right: `await decide(ledger, call, sendPayment, { ...order }, quote);`,
    wrong: `await decide(ledger, call, sendPayment, { senderId: 1 }, quote);`,
  },
  {
    fault: 'a rule without the facts that it needs',
    right: `await decide(ledger, call, sendPayment, { ...order, memo: null }, quote);`,
    wrong: `await decide(ledger, call, sendPayment, { ...order, memo: null });`,
  },
  {
    fault: 'a decision made by hand, under a name that is none',
    right: `export const made: Decision = { rule: sendPayment.name, input: order, caller };`,
    wrong: `export const made: Decision = { rule: 'send-payments', input: order, caller };`,
  },
  {
    fault: 'a refusal with a code that there is not',
    right: `throw new Refusal('INSUFFICIENT_FUNDS', 'too little');`,
    wrong: `throw new Refusal('INSUFFICENT_FUNDS', 'too little');`,
  },
  {
    fault: 'a verdict about a code that there is not',
    right: `export const verdicts: Partial<Record<ErrorCode, Verdict>> = { SELF_PAYMENT: verdict };`,
    wrong: `export const verdicts: Partial<Record<ErrorCode, Verdict>> = { SELF_PAYMENTS: verdict };`,
  },
  {
    fault: 'verdicts that lack a code',
    right: `export const verdicts: Partial<Record<ErrorCode, Verdict>> = {};`,
    wrong: `export const verdicts: Record<ErrorCode, Verdict> = {};`,
  },
  {
    fault: 'a question for a code that there is not',
    right: `isRefusedFor(error, 'RATE_CHANGED');`,
    wrong: `isRefusedFor(error, 'RATES_CHANGED');`,
  },
  {
    fault: 'an operation that helps and that there is not',
    right: `export const helps: OperationName = 'listTokens';`,
    wrong: `export const helps: OperationName = 'listToken';`,
  },
  {
    fault: 'a raw memo on stdout',
    right: `await stdout.write(shown\`\${payment.memo ?? ''}\`);`,
    wrong: `await stdout.write(payment.memo ?? '');`,
  },
  {
    fault: 'a raw memo on stderr, in a template',
    right: `await stderr.write(shown\`for \${payment.memo ?? ''}\`);`,
    wrong: `await stderr.write(\`for \${payment.memo}\`);`,
  },
  {
    fault: 'a raw memo in talk',
    right: `await say(shown\`Paid: \${payment.memo ?? ''}\`);`,
    wrong: `await say(payment.memo ?? '');`,
  },
  {
    fault: 'a raw memo in a pager',
    right: `await page(stdout.pen.bold(payment.memo ?? ''));`,
    wrong: `await page(payment.memo ?? '');`,
  },
  {
    fault: 'a raw memo above a question',
    right: `await prompts.show(shown\`\${payment.memo ?? ''}\`);`,
    wrong: `await prompts.show(payment.memo ?? '');`,
  },
  {
    fault: 'a raw memo as the result for people',
    right: `await show(context, { json: payment, people: () => shown\`\${payment.memo ?? ''}\`, machine: () => [] });`,
    wrong: `await show(context, { json: payment, people: () => payment.memo ?? '', machine: () => [] });`,
  },
  {
    fault: 'a raw memo that was made visible by nobody, behind a colour',
    right: `await stdout.write(shown\`\${stdout.pen.green('✓')} \${payment.memo ?? ''}\`);`,
    wrong: `await stdout.write(\`\${stdout.pen.green('✓')} \${payment.memo}\`);`,
  },
];

const lineOfPlant = given.split('\n').length;
const faults = typeFaultsIn(
  root,
  planted.flatMap(({ right, wrong }) => [`${given}${right}\n`, `${given}${wrong}\n`]),
);

for (const [index, { fault }] of planted.entries()) {
  test(`the types refuse ${fault}, and nothing but that`, (t) => {
    const [right = [], wrong = []] = faults.slice(2 * index);
    t.deepEqual(right, []);
    t.true(wrong.length > 0);
    t.deepEqual(
      wrong.filter(({ line }) => line !== lineOfPlant),
      [],
    );
  });
}
