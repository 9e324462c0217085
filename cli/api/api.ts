import { validateHeaderValue } from 'node:http';
import { Failure } from '../failure/failure.js';
import { type ApiAnswer, type Call, Unanswered } from './call.js';
import { failureFrom, goodJson, jsonObject, leavesOpen } from './judge-answer.js';
import { type CallOperation, callOf, type Loose, type StreamOperation } from './operation.js';
import { type Exchange, NothingSent, type Transport, type TransportAnswer } from './transport.js';
import { type Distrust, NotTrusted } from './trust/trust-rule.js';

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
  /** Shows that a call is under way, and its task where that can be said. */
  readonly progress: <Result>(work: () => Promise<Result>, task?: string) => Promise<Result>;
  /** Hears of every call that has changed something, and how to see it. */
  readonly changed: (look: readonly string[]) => void;
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

// The longest answer that is taken, many times what a pay server gives at once: whoever sends more is none, and would fill
// the memory.
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

type Problem = Readonly<Record<string, unknown>>;

/** Whether a refusal would be none with a code of the second factor. */
const asksForCode = (problem: Problem | undefined): problem is Problem =>
  problem?.code === 'SECOND_FACTOR_REQUIRED' && problem.reason !== 'none';

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
    if (answer.status < 300 && call.ifUnknown) {
      parts.changed(call.ifUnknown);
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
