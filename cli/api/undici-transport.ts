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
  /** Those that nothing was heard of yet, in the order in which undici sends them, each when the one before is over. */
  const unanswered = new Set<Exchange>();
  const isBehindOthers = (exchange: Exchange) => unanswered.values().next().value !== exchange;
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
    let tellAborted: (reason: NothingSent) => void = () => {};
    const abortedInQueue = new Promise<never>((_, reject) => {
      tellAborted = reject;
    });
    const abort = () => {
      attempt?.abort();
      // undici itself would say so only once those before are over.
      if (isBehindOthers(exchange)) {
        tellAborted(new NothingSent(exchange.signal.reason));
      }
    };
    // Each of the calls that are under way together listens; Node would take more than ten for a leak.
    setMaxListeners(0, exchange.signal);
    exchange.signal.addEventListener('abort', abort);
    unanswered.add(exchange);
    try {
      const asked = client.request({
        method,
        path,
        headers,
        signal: exchange.signal,
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
        body: body ?? null,
      });
      const answer = await Promise.race([asked, abortedInQueue]);
      return {
        status: answer.statusCode,
        headers: flatHeaders(answer.headers),
        pieces: wholeCharacters(answer.body),
      };
    } catch (error) {
      throw hasConnected || error instanceof NothingSent ? error : new NothingSent(error);
    } finally {
      unanswered.delete(exchange);
      exchange.signal.removeEventListener('abort', abort);
    }
  }

  return { send, close: () => client.destroy() };
}
