import * as z from 'zod';
import { Refusal } from '../../errors.js';
import type { Input } from '../contract/call.js';
import { callerName } from '../contract/caller-name.js';
import { type EmptyBody, emptyBodyOf } from '../contract/empty-body.js';
import type { Context } from '../contract/exchange.js';
import type { Route } from '../contract/route.js';
import { idempotencyKeyOf } from './idempotency-key.js';
import { parseQueryString } from './query-string.js';
import { readJsonBody, type Sent } from './read-body.js';
import { validate } from './validate.js';

type Params = Readonly<Record<string, string>>;

const nothing = z.strictObject({});

export interface InputReader {
  /** The JSON of the body that a request announces: its type, its size, its text. */
  readonly readSent: (context: Context) => Promise<Sent>;
  /** The input with the shape that the route gives it: path, query and body, then the key. */
  readonly readInput: (context: Context, params: Params, sent: Sent) => Input;
}

/** Makes the functions that read the input of a route. Two, so that only a request with a body waits for one. */
export function makeInputReader(route: Route): InputReader {
  const { body: bodySchema, params: pathSchema, readLongBody } = route;
  const emptyBody = emptyBodyOf(bodySchema ?? nothing);
  return {
    readSent({ req, res, state }) {
      const readLong =
        readLongBody && ((bytes: Buffer) => readLongBody(bytes, callerName(state), state.address));
      return readJsonBody(req, res, route, readLong);
    },
    readInput(context, params, { value: sent, isJudged }) {
      if (sent === undefined && emptyBody === undefined) {
        throw new Refusal('MALFORMED_JSON', 'The body is empty; it must be a JSON object.');
      }
      const path = pathSchema && validate(pathSchema, params, 'path');
      const query = readQuery(route.query, context);
      const body = isJudged ? sent : readBody(bodySchema, sent, emptyBody);
      const isDryRun = asksForDryRun(body);
      return {
        params: path,
        query,
        body,
        isDryRun,
        idempotencyKey: route.underKey && readKey(context, !isDryRun),
        shownCode: context.req.headers['pay-second-factor']?.toString() || undefined,
        lastEventId: route.takesLastEventId && context.req.headers['last-event-id']?.toString(),
      };
    },
  };
}

/** The body that a route takes; a route that takes none is sent none, or an object without members. */
function readBody(schema: z.ZodType | undefined, sent: unknown, emptyBody: EmptyBody | undefined): unknown {
  if (schema !== undefined) {
    return validate(schema, sent === undefined ? emptyBody?.value : sent, 'body');
  }
  if (sent !== undefined) {
    validate(nothing, sent, 'body');
  }
  return undefined;
}

function readQuery(schema: z.ZodType | undefined, context: Context): unknown {
  const text = context.req.url?.includes('?') ? context.querystring : '';
  if (schema === undefined && text === '') {
    return undefined;
  }
  const query = validate(schema ?? nothing, parseQueryString(text), 'query');
  return schema && query;
}

const asksForDryRun = (body: unknown): boolean =>
  typeof body === 'object' && body !== null && 'dryRun' in body && body.dryRun === true;

function readKey(context: Context, isNeeded: boolean): string | undefined {
  context.state.isUnderKey = isNeeded;
  return idempotencyKeyOf(context.req.headers['idempotency-key'], isNeeded);
}
