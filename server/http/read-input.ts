import { z } from 'zod';
import { Refusal } from '../errors.js';
import type { Input } from './call.js';
import type { Context } from './exchange.js';
import { idempotencyKeyOf } from './idempotency-key.js';
import { parseQueryString } from './query-string.js';
import { readJsonBody } from './read-body.js';
import type { Route } from './route.js';
import { validate } from './validate.js';

type Params = Readonly<Record<string, string>>;

const nothing = z.strictObject({});

/**
 * Makes the function that reads the input of a route: the body (its type, its size, its JSON), then the shape of path,
 * query and body, then the key.
 */
export function makeInputReader(route: Route): (context: Context, params: Params) => Promise<Input> {
  const bodySchema = route.body ?? nothing;
  const emptyBody = emptyBodyOf(bodySchema);

  return async (context, params) => {
    const sent = await readJsonBody(context.req, context.res, route.bodyLimitBytes);
    if (sent === undefined && emptyBody === undefined) {
      throw new Refusal('MALFORMED_JSON', 'The body is empty; it must be a JSON object.');
    }
    const path = route.params && validate(route.params, params, 'path');
    const query = readQuery(route.query, context.querystring);
    const body = validate(bodySchema, sent === undefined ? emptyBody?.value : sent, 'body');
    return {
      params: path,
      query,
      body: route.body && body,
      idempotencyKey: route.needsKey && readKey(context, route.needsKey(body)),
      lastEventId: route.takesLastEventId && context.req.headers['last-event-id']?.toString(),
    };
  };
}

/** What an empty body stands for: nothing, or an object without members; undefined where the schema takes neither. */
export function emptyBodyOf(schema: z.ZodType): { readonly value: unknown } | undefined {
  return [{ value: undefined }, { value: {} }].find(({ value }) => schema.safeParse(value).success);
}

function readQuery(schema: z.ZodType | undefined, text: string): unknown {
  if (schema === undefined && text === '') {
    return undefined;
  }
  const query = validate(schema ?? nothing, parseQueryString(text), 'query');
  return schema && query;
}

function readKey(context: Context, isNeeded: boolean): string | undefined {
  context.state.isUnderKey = isNeeded;
  return idempotencyKeyOf(context.req.headers['idempotency-key'], isNeeded);
}
