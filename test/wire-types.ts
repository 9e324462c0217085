import type { HelpfulOperation, OperationName, Operations } from '../server/wire.js';

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
  true satisfies Same<Operations['GET /v1/events']['mediaType'], 'text/event-stream'>,
  true satisfies Same<Operations['POST /v1/requests']['result']['id'], string>,
  true satisfies Same<Operations['DELETE /v1/tokens/{id}']['refusals'], 'NOT_FOUND'>,
  true satisfies Same<Extract<HelpfulOperation, OperationName>, HelpfulOperation>,
];
