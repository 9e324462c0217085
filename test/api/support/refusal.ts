import type { ExecutionContext } from 'ava';
import { type ErrorCode, errorCodes, type HelpfulOperation } from '../../../server/errors.js';
import type { Reply } from './client.js';

/** Sees that a reply is this refusal, that its detail says this, names this operation, and blames these fields. */
export function isRefused(
  t: ExecutionContext<unknown>,
  reply: Reply,
  code: ErrorCode,
  { detail, see, fields }: { detail?: RegExp; see?: HelpfulOperation; fields?: readonly string[] } = {},
): void {
  t.is(reply.json?.code, code, reply.text);
  t.is(reply.status, errorCodes[code].status);
  if (detail) {
    t.regex(reply.json.detail, detail);
  }
  if (see) {
    t.is(reply.json.see, see);
  }
  if (fields) {
    t.deepEqual(
      reply.json.errors?.map(({ field }: { field: string }) => field),
      fields,
      reply.text,
    );
  }
}
