import type { Given } from '../cli/api/operation.js';
import type { ErrorCode, HelpfulOperation, OperationName, Operations } from '../server/wire.js';

type Same<One, Other> = [One] extends [Other] ? ([Other] extends [One] ? true : false) : false;

type Body<Name extends keyof Operations> = Operations[Name]['body'];
type Answer<Name extends keyof Operations> = Operations[Name]['answer'];

/** What the contract says of some operations; each fails to compile where it says something else. */
export const said: readonly true[] = [
  true satisfies Same<Operations['GET /v1/payments/{id}']['params'], { id: string }>,
  true satisfies Same<Body<'GET /v1/payments/{id}'>, undefined>,
  true satisfies Same<Answer<'GET /v1/payments/{id}'>['direction'], 'sent' | 'received'>,
  true satisfies Same<Answer<'GET /v1/payments'>['nextCursor'], string | null>,
  true satisfies Same<Answer<'DELETE /v1/tokens/{id}'>, undefined>,
  true satisfies Same<Answer<'PUT /v1/blocks/{username}'>, undefined>,
  true satisfies Same<Operations['GET /healthz']['refusals'], never>,
  true satisfies Same<Operations['DELETE /v1/tokens/{id}']['refusals'], 'NOT_FOUND'>,
  true satisfies Same<Extract<HelpfulOperation, OperationName>, HelpfulOperation>,
];

/** What the compiler must refuse; each expectation fails to compile where it does not. */
export const mustNotCompile = {
  // @ts-expect-error: there is no such route.
  path: {} as Operations['GET /v1/payment/{id}'],
  // @ts-expect-error: there is a route of this path, but not with this method.
  method: {} as Operations['DELETE /v1/payments/{id}'],
  // @ts-expect-error: a payment has no field `receiver`.
  unknownField: { to: 'bob', amount: '1', receiver: 'bob' } satisfies Body<'POST /v1/payments'>,
  // @ts-expect-error: an amount is a text.
  wrongType: { to: 'bob', amount: 1 } satisfies Body<'POST /v1/payments'>,
  // @ts-expect-error: a payment needs its receiver.
  missingField: { amount: '1' } satisfies Body<'POST /v1/payments'>,
  // @ts-expect-error: no refusal has this code.
  code: 'INSUFFICENT_FUNDS' satisfies ErrorCode,
  // @ts-expect-error: a table of all codes lacks most of them.
  verdicts: { NOT_FOUND: 'wrong' } satisfies Record<ErrorCode, string>,
  // @ts-expect-error: no operation has this name.
  operation: 'listToken' satisfies OperationName,
  // @ts-expect-error: the caller of an operation gives a body that it takes.
  callBody: { body: { to: 'bob', amount: 1 } } satisfies Given<'POST /v1/payments'>,
  // @ts-expect-error: the caller of an operation gives what its path needs.
  callParams: {} satisfies Given<'GET /v1/payments/{id}'>,
};
