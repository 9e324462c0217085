import type { Exchange, Transport, TransportAnswer } from './transport.js';

const secretName = /password|token|secret|authorization|cookie/i;
const mask = '****';

/** JSON with the value of every member that may hold a secret masked; other text is given back. */
export function maskBody(text: string): string {
  try {
    return JSON.stringify(
      JSON.parse(text, (name, value) => (isSecret(name, value) ? mask : (value as unknown))),
    );
  } catch {
    // A body that is not JSON, such as CSV, comes from the server and holds no secret of ours.
    return text;
  }
}

function isSecret(name: string, value: unknown): boolean {
  return secretName.test(name) && typeof value === 'string';
}

function headerLines(mark: string, headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers).map(
    ([name, value]) => `${mark} ${name}: ${secretName.test(name) ? mask : value}`,
  );
}

async function* told(pieces: AsyncIterable<string>, tell: (line: string) => void): AsyncGenerator<string> {
  let text = '';
  for await (const piece of pieces) {
    text += piece;
    yield piece;
  }
  tell(`< ${maskBody(text)}`);
}

/** The same transport, telling each exchange line by line, not made visible yet, with the secrets masked. */
export function debugTransport(
  transport: Transport,
  server: string,
  tell: (line: string) => void,
): Transport {
  return {
    async send(exchange: Exchange): Promise<TransportAnswer> {
      tell(`> ${exchange.method} ${server}${exchange.path}`);
      headerLines('>', exchange.headers).forEach(tell);
      if (exchange.body !== undefined) {
        tell(`> ${maskBody(exchange.body)}`);
      }
      try {
        const answer = await transport.send(exchange);
        tell(`< ${answer.status}`);
        headerLines('<', answer.headers).forEach(tell);
        return { ...answer, pieces: told(answer.pieces, tell) };
      } catch (error) {
        tell(`! ${String(error)}`);
        throw error;
      }
    },
    close: () => transport.close(),
  };
}
