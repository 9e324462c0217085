import * as z from 'zod';
import type { ZodOpenApiResponseObject } from 'zod-openapi';
import { type ErrorCode, errorCodes, problemJson, Refusal } from '../../errors.js';
import type { Route } from './route.js';

const problemSchemaRef = { $ref: '#/components/schemas/Problem' };
const exampleRequestId = '0d2b6a52-6f1c-4a9e-9a6b-3f0d8f0c2a11';

export type RefusalResponses = Record<`${number}`, ZodOpenApiResponseObject>;

/** Makes the responses that say no. Those with one code are components, which the operations share. */
export function makeRefusalResponses(): (route: Route) => RefusalResponses {
  const made = new Map<ErrorCode, ZodOpenApiResponseObject>();
  const shared = (status: number, [code, ...others]: readonly ErrorCode[]) => {
    if (code === undefined || others.length > 0) {
      return undefined;
    }
    const response = made.get(code) ?? {
      id: pascalCase(code),
      ...refusalResponse(status, [code]),
    };
    made.set(code, response);
    return response;
  };
  return (route) => {
    const responses: RefusalResponses = {};
    for (const [status, codes] of byStatus(route)) {
      responses[`${status}`] = shared(status, codes) ?? refusalResponse(status, codes);
    }
    return responses;
  };
}

/** A body is read wherever one is sent, also to a route that takes none. */
const ofAnyBody = ['MALFORMED_JSON', 'BODY_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'] as const;

/** What is refused before it is known which route is asked. */
const beforeAnyRoute = ['MALFORMED_REQUEST', 'HEADERS_TOO_LARGE', 'REQUEST_TIMEOUT'] as const;

/** Every code that a route can answer with: what its own declaration names, and what its checks bring with them. */
export function refusalsOf(route: Route): readonly ErrorCode[] {
  const codes = new Set<ErrorCode>([
    'VALIDATION_FAILED',
    'RATE_LIMITED',
    'INTERNAL_ERROR',
    ...ofAnyBody,
    ...beforeAnyRoute,
  ]);
  const add = (when: unknown, ...more: ErrorCode[]) => {
    for (const code of when ? more : []) {
      codes.add(code);
    }
  };
  const { access } = route;
  add(
    Object.values(route.answers).some((answer) => answer.schema ?? answer.mediaTypes),
    'NOT_ACCEPTABLE',
  );
  add(route.params, 'NOT_FOUND');
  add(access.who !== 'anyone', 'UNAUTHENTICATED', 'FORBIDDEN', 'STORAGE_UNAVAILABLE');
  add(
    access.who === 'user' || (access.who === 'session' && !access.evenWhenPasswordExpired),
    'PASSWORD_CHANGE_REQUIRED',
  );
  // A list may have to look through much, in its turn and not for ever.
  add(isPaged(route), 'INVALID_CURSOR', 'OVERLOADED');
  add(access.who === 'session' && 'role' in access, 'SECOND_FACTOR_REQUIRED');
  add(route.underKey, 'IDEMPOTENCY_KEY_REQUIRED', 'IDEMPOTENCY_KEY_INVALID', 'IDEMPOTENCY_KEY_REUSED');
  add(route.underKey, 'CLOCK_UNAVAILABLE');
  // What changes something is decided and saved, which may be impossible just then.
  add(route.method !== 'GET', 'STORAGE_UNAVAILABLE', 'OVERLOADED');
  add(route.refusals, ...(route.refusals ?? []));
  return [...codes].sort();
}

const isPaged = ({ query }: Route) => query instanceof z.ZodObject && 'cursor' in query.shape;

/** Whoever may call without being logged in is refused as at a login. */
function statusOf(code: ErrorCode, { access }: Route): number {
  const { status, statusAtLogin = status } = errorCodes[code];
  return access.who === 'anyone' ? statusAtLogin : status;
}

function byStatus(route: Route): Map<number, ErrorCode[]> {
  const grouped = new Map<number, ErrorCode[]>();
  for (const code of refusalsOf(route)) {
    const status = statusOf(code, route);
    grouped.set(status, [...(grouped.get(status) ?? []), code]);
  }
  return grouped;
}

function refusalResponse(status: number, codes: readonly ErrorCode[]): ZodOpenApiResponseObject {
  return {
    description: codes.map((code) => `\`${code}\`: ${errorCodes[code].title}.`).join('\n\n'),
    headers: refusalHeaders(status),
    content: {
      'application/problem+json': {
        schema: problemSchemaRef,
        examples: Object.fromEntries(codes.map((code) => [code, { value: exampleOf(code, status) }])),
      },
    },
  };
}

function refusalHeaders(status: number): Record<string, { $ref: string }> {
  const names = ['X-Request-Id', 'Cache-Control'];
  if (status === 401) {
    names.push('WWW-Authenticate');
  }
  if (status === 429) {
    names.push('RateLimit', 'RateLimit-Policy');
  }
  if (status === 429 || status === 503) {
    names.push('Retry-After');
  }
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}

function exampleOf(code: ErrorCode, status: number): unknown {
  const errors =
    code === 'VALIDATION_FAILED'
      ? { errors: [{ field: 'colour', message: 'is not a field of this request' }] }
      : {};
  const detail =
    code === 'VALIDATION_FAILED' ? 'colour: is not a field of this request.' : `${errorCodes[code].title}.`;
  const details = { ...errors, ...(status !== errorCodes[code].status && { isAtLogin: true as const }) };
  return problemJson(new Refusal(code, detail, details), exampleRequestId);
}

function pascalCase(code: ErrorCode): string {
  return code
    .toLowerCase()
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
