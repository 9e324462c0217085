import { validateHeaderValue } from 'node:http';
import { Failure } from '../failure/failure.js';
import { type CallOperation, callOf, type Loose, type StreamOperation } from './operation.js';
import { failureOf } from './problem.js';
import { type Exchange, NothingSent, type Transport, type TransportAnswer } from './transport.js';
import { type Distrust, NotTrusted } from './trust/trust-rule.js';

export interface Call {
  readonly method: Exchange['method'];
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: object;
  readonly accept?: string;
  readonly idempotencyKey?: string;
  /** A code of the second factor, once it was asked for. */
  readonly code?: string;
  /** Whether it holds a code itself, so that nobody is asked for one besides. */
  readonly holdsCode?: true;
  /** Clears away what is in the way of a question. */
  readonly beforeAsking?: () => void;
  /** For the stream of events: the one that was read last. */
  readonly lastEventId?: string;
  /** Whether the call is made without the session, such as logging in. */
  readonly isAnonymous?: boolean;
  /** Of another session than the one that is kept: one that has just begun. */
  readonly token?: string;
  readonly timeoutMs?: number;
  /** Whether the caller shows by itself that something is under way. */
  readonly isQuiet?: boolean;
  /** What is said while it takes long, where that is not just waiting. */
  readonly task?: string;
  /** For a call that changes something and has no key: what to do where its outcome stays unknown. */
  readonly ifUnknown?: readonly string[];
  /** What to do where the thing does not exist. */
  readonly ifNotFound?: readonly string[];
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** A request may have reached the server, and no answer came. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered';

  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

export interface Api {
  readonly server: string;
  /** The answer, whatever its status. @throws NothingSent, Unanswered, Failure */
  exchange(call: Call): Promise<ApiAnswer>;
  readonly call: CallOperation;
  readonly stream: StreamOperation;
  close(): Promise<void>;
}

/** The source of the API that a command reaches the server through, made when it is first asked for. */
export interface ApiSource {
  api(): Promise<Api>;
  readonly signal: AbortSignal;
}

export interface ApiParts {
  readonly server: string;
  readonly transport: Transport;
  /** The token of the session. @throws Failure where nobody is logged in */
  readonly token: () => Promise<string>;
  /** Asks a person about the server's key and remembers it. @throws Failure where it is not accepted */
  readonly accept: (distrust: Distrust) => Promise<void>;
  /** The code of the second factor that a refusal asks for, asked so often before; undefined where there is none to give. */
  readonly code: (problem: Problem, asked: number) => Promise<string | undefined>;
  /** Shows that something is under way; what, where that can be said. */
  readonly progress: <Result>(work: () => Promise<Result>, task?: string) => Promise<Result>;
  readonly signal: AbortSignal;
  readonly userAgent: string;
}

const timeoutMs = 30_000;

function pathOf({ path, query }: Call): string {
  const given = Object.entries(query ?? {}).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`;
}

/** The same headers, none of which HTTP would refuse once it is under way. @throws Failure (usage) that names it */
function checkedHeaders(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  for (const [name, value] of Object.entries(headers)) {
    try {
      validateHeaderValue(name, value);
    } catch (error) {
      const what = name === 'authorization' ? 'The token' : `What goes into the header ${name}`;
      throw new Failure('usage', `${what} holds characters that cannot be sent. Nothing happened.`, {
        next: name === 'authorization' ? ['Copy the token anew: PAY_TOKEN, or pay login'] : [],
        cause: error,
      });
    }
  }
  return headers;
}

async function exchangeOf(call: Call, parts: ApiParts): Promise<Exchange> {
  return {
    method: call.method,
    path: pathOf(call),
    headers: checkedHeaders({
      accept: call.accept ?? 'application/json',
      'user-agent': parts.userAgent,
      ...(call.isAnonymous !== true && { authorization: `Bearer ${call.token ?? (await parts.token())}` }),
      ...(call.body !== undefined && { 'content-type': 'application/json' }),
      ...(call.idempotencyKey !== undefined && { 'idempotency-key': call.idempotencyKey }),
      ...(call.code !== undefined && { 'pay-second-factor': call.code }),
      ...(call.lastEventId !== undefined && { 'last-event-id': call.lastEventId }),
    }),
    ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
    timeoutMs: call.timeoutMs ?? timeoutMs,
    signal: parts.signal,
  };
}

// Many times what a pay server answers at once; whoever sends more is none, and would fill the memory.
const longestText = 32 * 1024 * 1024;

async function wholeText(pieces: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) {
    text += piece;
    if (text.length > longestText) {
      throw new Error('its answer does not end');
    }
  }
  return text;
}

function jsonObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

type Problem = Readonly<Record<string, unknown>>;

/** Whether a refusal would be none with a code of the second factor. */
const asksForCode = (problem: Problem | undefined): problem is Problem =>
  problem?.code === 'SECOND_FACTOR_REQUIRED' && problem.reason !== 'none';

/** The JSON of a good answer; the failure that any other answer stands for is thrown. */
export function goodJson(answer: ApiAnswer, server: string): unknown {
  if (answer.status === 204) {
    return undefined;
  }
  const body = jsonObject(answer.text);
  const isGood = answer.status >= 200 && answer.status < 300;
  if (isGood && body !== undefined) {
    return body;
  }
  if (!isGood && typeof body?.code === 'string') {
    throw failureOf(answer.status, body, answer.headers['retry-after']);
  }
  throw new Failure('unreachable', `${server} answered (${answer.status}), but not as a pay server does.`, {
    next: ['Check the address of the server: --server or PAY_SERVER'],
  });
}

const networkTexts: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name cannot be looked up now',
  ETIMEDOUT: 'it does not answer',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no network',
  ECONNRESET: 'it closed the connection',
};

function networkReason(error: unknown): string {
  let reason = error;
  while (reason instanceof Error && reason.cause instanceof Error) {
    reason = reason.cause;
  }
  const { code, message } = reason as NodeJS.ErrnoException;
  return (code !== undefined && networkTexts[code]) || message || String(code ?? 'no connection');
}

/** Says that a server cannot be reached, so that nothing happened. */
export function unreachable(server: string, error: unknown): Failure {
  return new Failure(
    'unreachable',
    `${server} cannot be reached: ${networkReason(error)}. Nothing happened.`,
    {
      next: ['Check that the server runs (pay-server start), and its address: --server or PAY_SERVER'],
      cause: error,
    },
  );
}

type Place = Pick<ApiParts, 'server' | 'signal'>;

function failureFrom(error: unknown, call: Call, parts: Place): unknown {
  if (error instanceof Failure && error.kind === 'not-found' && call.ifNotFound) {
    return new Failure(error.kind, error.message, { ...error.details, next: call.ifNotFound });
  }
  if (!(error instanceof NothingSent || error instanceof Unanswered)) {
    return error;
  }
  if (error instanceof Unanswered && call.ifUnknown) {
    const text = `${parts.server} gave no answer: it is not known whether this happened (${networkReason(error)}).`;
    return new Failure('unknown', text, { next: call.ifUnknown, cause: error });
  }
  return parts.signal.aborted ? new Failure('interrupted', 'Interrupted.') : unreachable(parts.server, error);
}

/** Whether an answer leaves it open what happened: 503 says that nothing was written, behind any other 5xx a change may have been made. */
function leavesOpen(answer: ApiAnswer, call: Call): boolean {
  return call.ifUnknown !== undefined && answer.status >= 500 && answer.status !== 503;
}

/** The answer, whatever its status. @throws Failure where none came, or one that says nothing */
export async function anyAnswer(api: Api, call: Call, signal: AbortSignal): Promise<ApiAnswer> {
  try {
    const answer = await api.exchange(call);
    if (leavesOpen(answer, call)) {
      throw new Unanswered(new Error(`it answered with ${answer.status}`));
    }
    return answer;
  } catch (error) {
    throw failureFrom(error, call, { server: api.server, signal });
  }
}

/** The API client of one command: adds the session, asks about unknown servers, and turns refusals into failures. */
export function makeApi(parts: ApiParts): Api {
  // Calls that run side by side meet an unknown server together; the person is asked once.
  let accepting: Promise<void> | undefined;

  async function attempt(call: Call): Promise<TransportAnswer> {
    const exchange = await exchangeOf(call, parts);
    try {
      const sent = () => parts.transport.send(exchange);
      return await (call.isQuiet === true ? sent() : parts.progress(sent, call.task));
    } catch (error) {
      if (error instanceof NothingSent && error.cause instanceof Failure) {
        throw error.cause;
      }
      throw error instanceof NothingSent ? error : new Unanswered(error);
    }
  }

  async function send(call: Call): Promise<TransportAnswer> {
    try {
      return await attempt(call);
    } catch (error) {
      if (!(error instanceof NothingSent && error.cause instanceof NotTrusted)) {
        throw error;
      }
      accepting ??= parts.accept(error.cause.distrust);
      await accepting;
      return await attempt(call);
    }
  }

  async function exchangeOnce(call: Call): Promise<ApiAnswer> {
    const { status, headers, pieces } = await send(call);
    try {
      return { status, headers, text: await wholeText(pieces) };
    } catch (error) {
      throw new Unanswered(error);
    }
  }

  /** The same call again, under the same key, with the code of the second factor that its refusal asks for. */
  async function exchange(call: Call): Promise<ApiAnswer> {
    let answer = await exchangeOnce(call);
    for (let asked = 0; call.holdsCode !== true; asked += 1) {
      const problem = answer.status < 400 ? undefined : jsonObject(answer.text);
      const code = asksForCode(problem) ? await giveCode(problem, asked, call) : undefined;
      if (code === undefined) {
        break;
      }
      answer = await exchangeOnce({ ...call, code });
    }
    return answer;
  }

  function giveCode(problem: Problem, asked: number, { beforeAsking }: Call): Promise<string | undefined> {
    beforeAsking?.();
    return parts.code(problem, asked);
  }

  async function goodAnswer(call: Call): Promise<unknown> {
    const answer = await exchange(call);
    if (leavesOpen(answer, call)) {
      throw new Unanswered(new Error(`it answered with ${answer.status}`));
    }
    return goodJson(answer, parts.server);
  }

  async function orFailure<Result>(call: Call, work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      throw failureFrom(error, call, parts);
    }
  }

  return {
    server: parts.server,
    exchange,
    // What an operation takes and answers is checked where it is called; here it is a call like any other.
    call: (name, ...[given]) => {
      const call = callOf(name, given as Loose | undefined);
      return orFailure(call, () => goodAnswer(call)) as Promise<never>;
    },
    stream: (name, accept, ...[given]) => {
      const call = { ...callOf(name, given as Loose | undefined), accept };
      return orFailure(call, async () => {
        const { status, headers, pieces } = await send(call);
        if (status !== 200) {
          goodJson({ status, headers, text: await wholeText(pieces) }, parts.server);
        }
        return pieces;
      });
    },
    close: () => parts.transport.close(),
  };
}
