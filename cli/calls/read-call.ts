import { addAbortSignal } from 'node:stream';
import type { Call } from '../api/call.js';
import type { Context } from '../context.js';
import { Failure } from '../failure/failure.js';
import { readBounded, readFileBounded } from '../files/read-bounded.js';
import { unreadable } from '../files/unreadable.js';

export interface CallOptions {
  readonly field?: readonly string[];
  readonly input?: string;
  readonly body?: string;
  readonly accept?: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** Several times the largest body that a server takes, so that it is the server that says what is too large for it. */
const mostInputBytes = 16 * 1024 * 1024;

const methods: readonly string[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] satisfies Call['method'][];

/** The method as it was typed, in any case. @throws Failure (usage) */
export function methodOf(given: string): Call['method'] {
  const method = given.toUpperCase();
  if (!methods.includes(method)) {
    throw new Failure('usage', `${given} is no method of the API.`, {
      next: [`Use one of ${methods.join(', ')}`],
    });
  }
  return method as Call['method'];
}

/**
 * The path and query on the server of the account. An address is refused, so that the session never goes to another server.
 * @throws Failure (usage)
 */
export function pathOf(given: string): string {
  const path = given.startsWith('/') ? given : `/${given}`;
  if (
    !/^\/(?!\/)[\x21-\x7e]*$/.test(path) ||
    path.includes('#') ||
    path.includes('\\') ||
    /^\/[a-z][a-z+.-]*:/i.test(path)
  ) {
    throw new Failure('usage', `${given} is no path.`, {
      next: ['Write the path alone, such as /v1/me; the server is that of the account, or --server'],
    });
  }
  return path;
}

/** One field as it was typed: `name=text`, or `name:=` and JSON. */
function fieldOf(given: string): readonly [string, unknown] {
  const [, name = '', mark, value = ''] = /^([^=:]+)(:?=)(.*)$/s.exec(given) ?? [];
  if (name === '') {
    throw new Failure('usage', `--field ${given} is no field.`, {
      next: ['Write --field name=text, or --field name:=JSON for numbers, lists and the like'],
    });
  }
  if (mark === '=') {
    return [name, value];
  }
  return [name, jsonOf(value, `--field ${name}`)];
}

function jsonOf(json: string, source: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch (error) {
    throw new Failure('usage', `${source} is no JSON: ${(error as Error).message}`);
  }
}

function objectOf(json: string, source: string): Fields {
  const value = jsonOf(json, source);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Failure('usage', `${source} is no JSON object.`);
  }
  return value as Fields;
}

async function inputOf({ stdin, signal }: Context, file: string): Promise<string> {
  try {
    const bytes =
      file === '-'
        ? readBounded(addAbortSignal(signal, stdin), mostInputBytes)
        : readFileBounded(file, { mostBytes: mostInputBytes, signal });
    return (await bytes).toString('utf8');
  } catch (error) {
    if (signal.aborted) {
      throw new Failure('interrupted', 'Interrupted. Nothing happened.');
    }
    throw unreadable(`--input ${file}`, error);
  }
}

async function bodyOf(context: Context, { field, input, body }: CallOptions): Promise<Fields | undefined> {
  if ([field, input, body].filter((way) => way !== undefined).length > 1) {
    throw new Failure('usage', 'Give the body once: by --field, by --input or by --body.');
  }
  if (field) {
    return Object.fromEntries(field.map(fieldOf));
  }
  if (input !== undefined) {
    return objectOf(await inputOf(context, input), `--input ${input}`);
  }
  return body === undefined ? undefined : objectOf(body, '--body');
}

/** The path with the fields as its query. */
function withQuery(path: string, fields: Fields): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    query.append(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  return `${path}${path.includes('?') ? '&' : '?'}${query}`;
}

/** The call that the command line asks for; what a GET is given goes into its query. @throws Failure (usage) */
export async function readCall(
  context: Context,
  [method, path]: readonly [string, string],
  options: CallOptions,
): Promise<Call & { readonly body?: Fields }> {
  const how = methodOf(method);
  const where = pathOf(path);
  const body = await bodyOf(context, options);
  const accept = options.accept === undefined ? {} : { accept: options.accept };
  if (how === 'GET') {
    return { method: how, path: body ? withQuery(where, body) : where, ...accept };
  }
  return { method: how, path: where, ...(body && { body }), ...accept };
}
