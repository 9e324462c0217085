import assert from 'node:assert/strict';
import { Agent, request } from 'undici';
import * as z from 'zod';
import { errorCodes } from '../../../server/errors.js';
import { findCurrency } from '../../../server/money/currency.js';
import type { Reply } from './client.js';

/** The parts of an OpenAPI document that the tests look at. */
export interface OpenApi {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, unknown>>;
    readonly responses: Readonly<Record<string, Response>>;
  };
}

export interface Operation {
  readonly operationId: string;
  readonly security?: unknown;
  readonly responses: Readonly<Record<string, Response | { readonly $ref: string }>>;
}

interface Response {
  readonly content?: Readonly<
    Record<string, { readonly schema?: unknown; readonly examples?: Readonly<Record<string, unknown>> }>
  >;
  readonly headers?: Readonly<Record<string, unknown>>;
}

/** The contract that the server publishes, ready to judge its answers. */
export interface Contract {
  readonly document: OpenApi;
  /** The operation for a request; undefined where the contract has none. */
  operationOf(method: string, path: string): Operation | undefined;
  responseOf(operation: Operation, status: number): Response | undefined;
  /** Throws where the value does not fit the schema. */
  validate(schema: unknown, value: unknown): void;
}

/** The document of a server, as a client without any other knowledge reads it. */
export async function readContract(url: string, ca: string): Promise<Contract> {
  const dispatcher = new Agent({ connect: { ca } });
  const { body } = await request(`${url}/openapi.json`, { dispatcher });
  const document = (await body.json()) as OpenApi;
  await dispatcher.close();
  return contractOf(document);
}

/** What refers to the schemas of a document, as it refers to the definitions of a schema. */
const moved = (schema: unknown) =>
  JSON.parse(JSON.stringify(schema).replaceAll('#/components/schemas/', '#/$defs/'));

function contractOf(document: OpenApi): Contract {
  const templates = Object.keys(document.paths).map((template) => ({
    template,
    pattern: new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
  }));
  const validators = new Map<unknown, z.ZodType>();
  const $defs = moved(document.components.schemas);

  function validatorOf(schema: unknown): z.ZodType {
    const known = validators.get(schema);
    if (known) {
      return known;
    }
    const made = z.fromJSONSchema({ ...(moved(schema) as object), $defs }) as z.ZodType;
    validators.set(schema, made);
    return made;
  }

  return {
    document,
    operationOf(method, path) {
      const bare = path.split('?')[0] ?? '';
      const found =
        templates.find(({ template }) => template === bare) ??
        templates.find(({ pattern }) => pattern.test(bare));
      const verb = method === 'HEAD' ? 'get' : method.toLowerCase();
      return found && document.paths[found.template]?.[verb];
    },
    responseOf(operation, status) {
      const response = operation.responses[String(status)];
      return response && '$ref' in response
        ? document.components.responses[response.$ref.split('/').at(-1) ?? '']
        : response;
    },
    validate(schema, value) {
      const { error } = validatorOf(schema).safeParse(value);
      assert.equal(error, undefined, `${error?.message} in ${JSON.stringify(value)}`);
    },
  };
}

interface Request {
  readonly method: string;
  readonly path: string;
}

/** Sees that an answer is one that the published document allows. Throws where it is not. */
export function checkReply(contract: Contract, asked: Request, reply: Reply): void {
  const at = `${asked.method} ${asked.path} → ${reply.status} ${reply.text.slice(0, 300)}`;
  checkHeaders(reply, at);
  checkMoney(reply.json, at);
  const operation = contract.operationOf(asked.method, asked.path);
  if (reply.status >= 400) {
    checkProblem(contract, reply, at);
  }
  if (operation) {
    checkDeclared(contract, operation, asked, reply, at);
  } else {
    assert.ok(reply.status === 404 || reply.status === 405, `${at} has no operation in the contract`);
  }
}

function checkHeaders({ headers, status }: Reply, at: string): void {
  assert.match(String(headers['x-request-id']), /^[A-Za-z0-9._-]{1,128}$/, at);
  assert.equal(headers['cache-control'], 'no-store', at);
  assert.equal(headers['x-content-type-options'], 'nosniff', at);
  assert.match(String(headers['content-security-policy']), /default-src 'none'/, at);
  assert.match(String(headers['strict-transport-security']), /max-age=\d+/, at);
  assert.equal(headers['x-powered-by'], undefined, at);
  if (status === 201) {
    assert.match(String(headers.location), /^\//, at);
  }
}

function checkProblem(contract: Contract, { status, headers, json }: Reply, at: string): void {
  assert.equal(headers['content-type'], 'application/problem+json', at);
  contract.validate(contract.document.components.schemas.Problem, json);
  assert.equal(json.status, status, at);
  const meaning = errorCodes[json.code as keyof typeof errorCodes];
  assert.ok(meaning.status === status || meaning.statusAtLogin === status, at);
  assert.match(json.detail, /^\S.*[.…?]$/s, at);
  if (headers['idempotency-replayed'] === undefined) {
    assert.equal(json.requestId, headers['x-request-id'], at);
  }
  const needed = { 401: 'www-authenticate', 405: 'allow', 429: 'retry-after', 503: 'retry-after' }[status];
  assert.ok(needed === undefined || headers[needed] !== undefined, `${at} lacks ${needed}`);
}

function checkDeclared(
  contract: Contract,
  operation: Operation,
  { method }: Request,
  { status, headers, text, json }: Reply,
  at: string,
): void {
  const response = contract.responseOf(operation, status);
  assert.ok(response, `${at}: the contract of ${operation.operationId} has no such status`);
  if (response.content === undefined) {
    assert.equal(text, '', at);
    return;
  }
  const mediaType = String(headers['content-type']).split(';')[0] ?? '';
  const content = response.content[mediaType];
  assert.ok(content, `${at}: the contract of ${operation.operationId} has no ${mediaType}`);
  if (status >= 400) {
    assert.ok(content.examples?.[json.code], `${at}: ${operation.operationId} does not name ${json.code}`);
  } else if (mediaType === 'application/json' && method !== 'HEAD') {
    contract.validate(content.schema, json);
  }
}

/** Wherever money stands in an answer it is an amount with all decimals of its currency, and the currency. */
function checkMoney(value: unknown, at: string): void {
  if (typeof value !== 'object' || value === null) {
    return;
  }
  const { amount, currency } = value as { amount?: unknown; currency?: unknown };
  if (typeof amount === 'string' && typeof currency === 'string') {
    assert.equal(amount.split('.')[1]?.length ?? 0, findCurrency(currency)?.digits, at);
  }
  for (const member of Object.values(value)) {
    checkMoney(member, at);
  }
}
