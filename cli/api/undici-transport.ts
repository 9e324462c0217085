import { setMaxListeners } from 'node:events';
import { Client, type Dispatcher } from 'undici';
import { type Exchange, NothingSent, type Transport, type TransportAnswer } from './transport.js';
import { connectTrusted, hostAndPortOf } from './trust/connect.js';
import type { TrustRule } from './trust/trust-rule.js';
import { wholeCharacters } from './whole-characters.js';

function flatHeaders(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}

/**
 * A kept connection to one server through undici, for commands that go on for long. The rule is asked for at each new connection, so that what a
 * person accepted in between counts. The signal, and that of the request, end an attempt to connect; undici itself would
 * wait for it.
 */
export function makeUndiciTransport(
  server: string,
  rule: () => Promise<TrustRule>,
  signal: AbortSignal,
): Transport {
  const address = hostAndPortOf(server);
  let hasConnected = false;
  let attempt: AbortController | undefined;
  const client = new Client(server, {
    connect: (_options, callback) => {
      const over = new AbortController();
      attempt = over;
      rule()
        .then((current) => connectTrusted(address, current, AbortSignal.any([signal, over.signal])))
        .then(
          (socket) => {
            hasConnected = true;
            callback(null, socket);
          },
          (error: unknown) => callback(new NothingSent(error), null),
        );
    },
  });

  async function send(exchange: Exchange): Promise<TransportAnswer> {
    const { method, path, headers, body, timeoutMs } = exchange;
    const abort = () => attempt?.abort();
    // Each of the calls that are under way together listens; Node would take more than ten for a leak.
    setMaxListeners(0, exchange.signal);
    exchange.signal.addEventListener('abort', abort);
    try {
      const answer = await client.request({
        method,
        path,
        headers,
        signal: exchange.signal,
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
        body: body ?? null,
      });
      return {
        status: answer.statusCode,
        headers: flatHeaders(answer.headers),
        pieces: wholeCharacters(answer.body),
      };
    } catch (error) {
      throw hasConnected || error instanceof NothingSent ? error : new NothingSent(error);
    } finally {
      exchange.signal.removeEventListener('abort', abort);
    }
  }

  return { send, close: () => client.destroy() };
}
