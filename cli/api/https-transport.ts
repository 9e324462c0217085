import { setMaxListeners } from 'node:events';
import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { type Exchange, NothingSent, type Transport, type TransportAnswer } from './transport.js';
import { connectTrusted, hostAndPortOf } from './trust/connect.js';
import type { TrustRule } from './trust/trust-rule.js';
import { wholeCharacters } from './whole-characters.js';

function flatHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}

const noAnswer = (timeoutMs: number) => new Error(`no answer within ${timeoutMs / 1_000} s`);

/** The chunks of a body. Only waiting for the server counts as silence, not the time that a slow reader takes. */
async function* chunksOf(answer: IncomingMessage, timeoutMs: number): AsyncGenerator<Uint8Array> {
  const arm = () => setTimeout(() => answer.destroy(noAnswer(timeoutMs)), timeoutMs);
  let timer = arm();
  try {
    for await (const chunk of answer as AsyncIterable<Uint8Array>) {
      clearTimeout(timer);
      yield chunk;
      timer = arm();
    }
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Resolves when the head of the answer is there. Until the request has its connection nothing of it is written; from then on
 * it may have left.
 */
function headOf(
  outgoing: ClientRequest,
  { timeoutMs, signal }: Pick<Exchange, 'timeoutMs' | 'signal'>,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    let mayBeSent = false;
    const fail = (error: Error) => {
      settle();
      reject(mayBeSent || error instanceof NothingSent ? error : new NothingSent(error));
    };
    // The request itself tells of an abort only once it has a connection.
    const abort = () => fail(new Error('interrupted'));
    const settle = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    };
    signal.addEventListener('abort', abort);
    outgoing.once('socket', () => {
      mayBeSent = true;
      timer = setTimeout(() => outgoing.destroy(noAnswer(timeoutMs)), timeoutMs);
    });
    outgoing.once('response', (answer) => {
      settle();
      resolve(answer);
    });
    // More than one error may come, and one that nobody listens for would end the process.
    outgoing.on('error', fail);
    outgoing.once('close', () => fail(new Error('the connection was closed before the answer')));
  });
}

/** Connections that are trusted before anything is written to them, and kept for the next request. */
function trustingAgent(connect: () => Promise<TLSSocket>): Agent {
  const agent = new Agent({ keepAlive: true });
  agent.createConnection = (_options, callback) => {
    // The socket is missing where there is an error; the types do not say so.
    const failed = callback as ((error: Error) => void) | undefined;
    connect().then(
      (socket) => callback?.(null, socket),
      (error: unknown) => failed?.(new NothingSent(error)),
    );
    return undefined;
  };
  return agent;
}

/**
 * A transport through Node's own client, for commands that ask a few things and end: it is there at once, where undici has
 * to compile WebAssembly before its first request. The rule is asked for at each new connection, so that what a person
 * accepted in between counts.
 */
export function makeHttpsTransport(
  server: string,
  rule: () => Promise<TrustRule>,
  signal: AbortSignal,
): Transport {
  const address = hostAndPortOf(server);
  const closing = new AbortController();
  const over = AbortSignal.any([signal, closing.signal]);
  // Each of the calls that are under way together listens; Node would take more than ten for a leak.
  setMaxListeners(0, signal, over);
  const agent = trustingAgent(async () => connectTrusted(address, await rule(), over));

  async function send(exchange: Exchange): Promise<TransportAnswer> {
    const { method, path, headers, body } = exchange;
    if (exchange.signal.aborted) {
      throw new NothingSent(new Error('interrupted'));
    }
    const outgoing = request({ ...address, method, path, headers, agent, signal: exchange.signal });
    outgoing.end(body);
    const answer = await headOf(outgoing, exchange);
    return {
      status: answer.statusCode ?? 0,
      headers: flatHeaders(answer.headers),
      pieces: wholeCharacters(chunksOf(answer, exchange.timeoutMs)),
    };
  }

  return {
    send,
    async close() {
      closing.abort();
      agent.destroy();
    },
  };
}
