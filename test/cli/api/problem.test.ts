import test from 'ava';
import { maskBody } from '../../../cli/api/debug.js';
import { failureOf } from '../../../cli/api/problem.js';
import { verdictOn } from '../../../cli/api/verdict.js';
import { exitStatuses } from '../../../cli/failure/exit-status.js';

const statusOf = (status: number, code: string): number => exitStatuses[verdictOn(status, code).kind].status;

test('every kind of refusal has the exit status that the contract gives', (t) => {
  const expected: readonly (readonly [number, string, number])[] = [
    [401, 'UNAUTHENTICATED', 4],
    [401, 'INVALID_CREDENTIALS', 4],
    [403, 'FORBIDDEN', 5],
    [403, 'ACCOUNT_FROZEN', 5],
    [403, 'WRONG_PASSWORD', 5],
    [404, 'NOT_FOUND', 3],
    [409, 'INSUFFICIENT_FUNDS', 1],
    [409, 'RATE_CHANGED', 1],
    [409, 'USERNAME_TAKEN', 1],
    [422, 'USER_NOT_FOUND', 3],
    [422, 'SELF_PAYMENT', 1],
    [422, 'WEAK_PASSWORD', 1],
    [422, 'IDEMPOTENCY_KEY_REUSED', 1],
    [422, 'VALIDATION_FAILED', 2],
    [422, 'INVALID_AMOUNT', 2],
    [422, 'UNKNOWN_CURRENCY', 3],
    [400, 'IDEMPOTENCY_KEY_INVALID', 2],
    [429, 'RATE_LIMITED', 6],
    [500, 'INTERNAL_ERROR', 6],
    [503, 'CLOCK_UNAVAILABLE', 6],
  ];
  for (const [status, code, exit] of expected) {
    t.is(statusOf(status, code), exit, code);
  }
});

test('a fault of a field is a sentence that names the field once', (t) => {
  const said = (field: string, message: string) =>
    failureOf(422, { code: 'INVALID_AMOUNT', errors: [{ field, message }] }).message;
  const form = 'Write the amount in digits, such as "12.50".';
  t.is(said('amount', form), form);
  t.is(said('perDay', form), `--per-day: ${form}`);
  t.is(said('amount', 'GBP has at most 2 decimals.'), 'The amount: GBP has at most 2 decimals.');
  t.is(said('to', 'is missing'), 'The user is missing.');
});

test('where the server names an operation that helps, the command for it is what to do next', (t) => {
  const said = (problem: object) => {
    const { message, details } = failureOf(404, { code: 'NOT_FOUND', ...problem });
    return [message, ...(details.next ?? [])];
  };
  const detail = 'You have no payment with this id.';
  t.deepEqual(said({ detail, see: 'listPayments' }), [detail, 'See: pay history']);
  for (const see of [undefined, 'unheardOf', 'toString', 5, null]) {
    t.deepEqual(said({ detail, see }), [detail]);
  }
});

test('what a code says to do next goes before the operation that helps', (t) => {
  const { details } = failureOf(422, { code: 'UNKNOWN_CURRENCY', detail: 'No.', see: 'listCurrencies' });
  t.deepEqual(details.next, ['See the currencies: pay rates']);
});

test('a refusal says the sentence of the server, which is made visible where it is told, and when to try again', (t) => {
  const failure = failureOf(429, { code: 'RATE_LIMITED', detail: 'Too fast\u001b[2J' }, '7');
  t.is(failure.message, 'Too fast\u001b[2J');
  t.deepEqual(failure.details.next, ['Try again in 7 s.']);
});

test('a problem without a usable sentence is told by its status', (t) => {
  t.is(failureOf(418, { detail: 5 }).message, 'The server answered with 418.');
});

test('passwords and tokens at any depth are masked in what --debug shows', (t) => {
  const masked = maskBody(JSON.stringify({ a: { newPassword: 'x', list: [{ token: 'y' }] }, name: 'z' }));
  t.is(masked, '{"a":{"newPassword":"****","list":[{"token":"****"}]},"name":"z"}');
  t.is(maskBody('id,amount'), 'id,amount');
});

test('whose one-time password has expired is not sent to look for a mistake in it', (t) => {
  const expired = { code: 'INVALID_CREDENTIALS', detail: 'It has expired.', reason: 'expired' };
  t.deepEqual(failureOf(401, expired).details.next, []);
});
