import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { currencyOf } from '../../../server/money/currency.js';

/** Minor units of a currency that one penny is worth at this service, as a fraction. */
type Worth = Readonly<Record<string, readonly [numerator: bigint, denominator: bigint]>>;

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export interface ConversionService {
  readonly url: string;
  /** How many questions it was asked. */
  readonly questions: number;
  /** Minor units of `to` for minor units of `from`, rounded down. */
  convert(minor: bigint, from: string, to: string): bigint;
  /** Lets it answer otherwise from now on; without a handler, as it should. */
  behave(handler?: Handler): void;
  close(): Promise<void>;
}

function amountText(minor: bigint, code: string): string {
  const { digits } = currencyOf(code);
  const text = String(minor).padStart(digits + 1, '0');
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(body));
}

/** A conversion service on this machine with rates of its own. */
export async function startConversionService(worth: Worth): Promise<ConversionService> {
  let questions = 0;
  let handler: Handler | undefined;

  function convert(minor: bigint, from: string, to: string): bigint {
    const [source, target] = [worth[from] ?? [1n, 1n], worth[to] ?? [1n, 1n]];
    return (minor * target[0] * source[1]) / (target[1] * source[0]);
  }

  function answer({ url }: IncomingMessage, response: ServerResponse): void {
    const [, , from = '', to = '', amount = ''] = (url ?? '').split('/');
    const converted = convert(BigInt(amount.replace('.', '')), from, to);
    if (converted === 0n) {
      sendJson(response, 422, { code: 'INVALID_AMOUNT', status: 422 });
      return;
    }
    sendJson(response, 200, {
      from,
      to,
      amount,
      rate: '2.5',
      converted: amountText(converted, to),
      rounding: 'down',
      ratesAsOf: '2026-01-01',
    });
  }

  const server = createServer((request, response) => {
    // What a server asks to know the rates is none of the questions about a payment.
    questions += request.url?.split('/')[4]?.startsWith('1000000') === true ? 0 : 1;
    (handler ?? answer)(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    convert,
    get questions() {
      return questions;
    },
    behave(next) {
      handler = next;
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
