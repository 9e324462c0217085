import type { ExecutionContext } from 'ava';
import { type ErrorCode, errorCodes } from '../../../server/errors.js';
import type { Reply } from './server.js';

/** Sees that a reply is the whole of a refusal as the contract has it. */
export function isProblem(t: ExecutionContext<unknown>, reply: Reply, code: ErrorCode): void {
  const { status, title } = errorCodes[code];
  t.is(reply.json?.code, code, reply.text);
  t.is(reply.status, status);
  t.is(reply.json.status, status);
  t.is(reply.json.title, title);
  t.regex(reply.json.type, /^urn:pay:problem:[a-z-]+$/);
  t.is(reply.headers['content-type'], 'application/problem+json');
  t.is(reply.json.requestId, reply.headers['x-request-id']);
  t.is(reply.headers['cache-control'], 'no-store');
  t.true(reply.json.detail.length > 0);
}
