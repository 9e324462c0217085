import type { oas31, ZodOpenApiComponentsObject } from 'zod-openapi';
import { errorCodes, helpfulOperations } from '../../errors.js';
import { scopes } from './route.js';

/** The parts of the contract that every operation refers to. */
export function sharedComponents(): ZodOpenApiComponentsObject {
  return { schemas: { Problem: problem, FieldError: fieldError }, headers, parameters, securitySchemes };
}

const fieldError = {
  type: 'object',
  description: 'What is wrong with one field.',
  properties: {
    field: {
      type: 'string',
      description: 'Dotted path of the field in the body, or the name of the parameter.',
      examples: ['items.3.amount'],
    },
    message: { type: 'string', examples: ['is required'] },
  },
  required: ['field', 'message'],
} satisfies NonNullable<ZodOpenApiComponentsObject['schemas']>[string];

const problem = {
  type: 'object',
  description: 'RFC 9457 problem details. Refusals that hold figures give them as further members.',
  properties: {
    type: { type: 'string', format: 'uri', examples: ['urn:pay:problem:not-found'] },
    title: { type: 'string', description: 'The same for every refusal with this code.' },
    status: { type: 'integer', minimum: 400, maximum: 599 },
    detail: { type: 'string', description: 'What went wrong this time, for people.' },
    code: { type: 'string', enum: Object.keys(errorCodes), description: 'What went wrong, for programs.' },
    requestId: { type: 'string', description: 'The X-Request-Id of the answer.' },
    see: {
      type: 'string',
      enum: [...helpfulOperations],
      description: 'The operation of this contract that helps, by its `operationId`.',
    },
    errors: { type: 'array', items: { $ref: '#/components/schemas/FieldError' } },
  },
  required: ['type', 'title', 'status', 'detail', 'code', 'requestId'],
  additionalProperties: true,
} satisfies NonNullable<ZodOpenApiComponentsObject['schemas']>[string];

/** The longest wait that is ever told: a limit that a day lays down. */
const longestWaitSeconds = 24 * 60 * 60;

const headers: NonNullable<ZodOpenApiComponentsObject['headers']> = {
  'X-Request-Id': {
    description: 'The id of this request in the log: the one that the client sent, or a fresh one.',
    schema: { type: 'string', pattern: '^[A-Za-z0-9._-]{1,128}$' },
  },
  'Cache-Control': {
    description: 'No answer may be kept.',
    schema: { type: 'string', const: 'no-store' },
  },
  Location: {
    description: 'Where the thing that was made can be read.',
    schema: { type: 'string', format: 'uri-reference' },
  },
  'Retry-After': {
    description: 'Seconds until another try makes sense.',
    schema: { type: 'integer', minimum: 1, maximum: longestWaitSeconds },
  },
  'Idempotency-Replayed': {
    description: 'Present where this is the answer that an earlier request with the same key got.',
    schema: { type: 'string', const: 'true' },
  },
  RateLimit: {
    description:
      'Of each limit that counted: its name, how much remains (`r`), and for how many seconds (`t`); of a refusal the one that was reached. Missing where nobody is limited; draft-ietf-httpapi-ratelimit-headers-10.',
    schema: { type: 'string', examples: ['"login";r=0;t=30'] },
  },
  'RateLimit-Policy': {
    description:
      'Its figures: so many points (`q`) in so many seconds (`w`). Of `guesses` the failures that are free, and the first wait.',
    schema: { type: 'string', examples: ['"login";q=300;w=300'] },
  },
  'WWW-Authenticate': {
    description: 'The challenge of RFC 6750.',
    schema: { type: 'string', examples: ['Bearer realm="pay"'] },
  },
};

const parameters: NonNullable<ZodOpenApiComponentsObject['parameters']> = {
  'X-Request-Id': {
    name: 'X-Request-Id',
    in: 'header',
    description: 'An id for this request that the server logs and echoes.',
    required: false,
    schema: { type: 'string', pattern: '^[A-Za-z0-9._-]{1,128}$' },
  },
};

/** The header of an operation under a key; one that knows dry runs can do without. */
export function idempotencyKeyParameter(hasDryRun: boolean): oas31.ParameterObject {
  const meaning =
    'A value that the client makes up for this one act. Repeating the request with the same key gives the first answer and does nothing twice.';
  return {
    name: 'Idempotency-Key',
    in: 'header',
    description: hasDryRun ? `${meaning} A dry run needs none.` : meaning,
    required: !hasDryRun,
    schema: { type: 'string', pattern: '^[\\x21-\\x7E]{1,255}$' },
    example: '5f1c7f6e-2b0a-4f58-9f0e-7c1d2f1f9a10',
  };
}

/** The header of what may ask for a code. */
export const secondFactorParameter: oas31.ParameterObject = {
  name: 'Pay-Second-Factor',
  in: 'header',
  description:
    'A code of the second factor, where it is asked for (`SECOND_FACTOR_REQUIRED`): the six digits that the app shows, or a recovery code. Each works once. It is no part of what an Idempotency-Key stands for, and a replay needs none.',
  required: false,
  schema: { type: 'string' },
  example: '123456',
};

/** The header with which a reader of a stream goes on where it left off. */
export const lastEventIdParameter: oas31.ParameterObject = {
  name: 'Last-Event-ID',
  in: 'header',
  description: 'The last `id` that the client was sent: the stream goes on after it.',
  required: false,
  schema: { type: 'string' },
  example: 'evt_000000004W',
};

const securitySchemes: NonNullable<ZodOpenApiComponentsObject['securitySchemes']> = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    description: `A session token from POST /v1/sessions, which may do all that its user may do, or a personal token from POST /v1/tokens with scopes out of ${scopes.join(', ')}. Operations name the scope they need; those that name "session" take no personal token, and of these those that name "admin" only the session of an administrator.`,
  },
};
