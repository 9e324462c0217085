import type { ExecutionContext } from 'ava';
import { type ErrorCode, errorCodes } from '../../../server/errors.js';
import type { Reply } from './client.js';

/** Sees that a reply is this refusal, that its detail says this, and that these fields are blamed. */
export function isRefused(
  t: ExecutionContext<unknown>,
  reply: Reply,
  code: ErrorCode,
  { detail, fields }: { detail?: RegExp; fields?: readonly string[] } = {},
): void {
  t.is(reply.json?.code, code, reply.text);
  t.is(reply.status, errorCodes[code].status);
  if (detail) {
    t.regex(reply.json.detail, detail);
  }
  if (fields) {
    t.deepEqual(
      reply.json.errors?.map(({ field }: { field: string }) => field),
      fields,
      reply.text,
    );
  }
}
