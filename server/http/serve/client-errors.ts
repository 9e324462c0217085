import { type Server as HttpServer, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { type ErrorCode, errorCodes, problemJson, Refusal } from '../../errors.js';
import type { HeaderList } from '../contract/exchange.js';
import { requestIdOf } from './request-id.js';
import { securityHeaders } from './security-headers.js';

/** The time that a client which was refused has to read why, before its connection is cut. */
const farewellMs = 2_000;

const details = {
  HEADERS_TOO_LARGE: 'The request line and headers together are larger than this server takes.',
  REQUEST_TIMEOUT: 'The request took too long to arrive.',
  BODY_TOO_LARGE: 'The chunk extensions of the body are larger than this server takes.',
  MALFORMED_REQUEST: 'This is not HTTP/1.1 as this server understands it.',
  METHOD_NOT_ALLOWED: 'This server is no proxy: it opens no tunnel to anywhere.',
} as const satisfies Partial<Record<ErrorCode, string>>;

/** Node keeps the answer that is under way on a socket here; its own default for broken requests looks at it, too. */
interface HttpSocket extends Duplex {
  _httpMessage?: ServerResponse | null;
}

/**
 * Answers what Node hands to no route with a problem document like every other refusal, and closes the connection: what its
 * HTTP parser refuses (a malformed request line, headers too large, a request that takes too long), and CONNECT.
 */
export function answerClientErrors(server: HttpServer | HttpsServer, logger: Logger): void {
  const headers = securityHeaders();
  const refused = new WeakSet<Duplex>();

  function refuse(
    code: keyof typeof details | undefined,
    cause: string | undefined,
    socket: HttpSocket,
  ): void {
    const underWay = socket._httpMessage;
    if (code === undefined || !socket.writable || (underWay?.headersSent && !underWay.req.complete)) {
      socket.destroy();
    } else if (underWay?.req.complete) {
      // A later request on the same connection is broken: the earlier one gets its own answer first.
      underWay.once('close', () => setImmediate(refuse, code, cause, socket));
    } else {
      bidFarewell(socket, farewell(code, headers));
      logger.info({ code, cause }, 'a request could not be read');
    }
  }

  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // The parser complains again about whatever else arrives.
    if (!refused.has(socket)) {
      refused.add(socket);
      refuse(codeOf(error), error.code, socket);
    }
  });
  server.on('connect', (_request, socket) => {
    socket.on('error', () => socket.destroy());
    refuse('METHOD_NOT_ALLOWED', 'CONNECT', socket);
  });
}

/** The code of the refusal; undefined for what cannot be answered: a broken TLS handshake, a client that reset the connection. */
function codeOf(error: NodeJS.ErrnoException): keyof typeof details | undefined {
  switch (error.code) {
    case 'HPE_HEADER_OVERFLOW':
      return 'HEADERS_TOO_LARGE';
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return 'BODY_TOO_LARGE';
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return 'REQUEST_TIMEOUT';
    default:
      return error.code?.startsWith('HPE_') ? 'MALFORMED_REQUEST' : undefined;
  }
}

/** The whole HTTP message, written by hand because there is no request that Node could answer. */
function farewell(code: keyof typeof details, headers: HeaderList): string {
  const { status } = errorCodes[code];
  const requestId = requestIdOf(undefined);
  const body = JSON.stringify(problemJson(new Refusal(code, details[code]), requestId));
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    `X-Request-Id: ${requestId}`,
    // There is nothing that could be asked of what a tunnel would lead to.
    ...(status === 405 ? ['Allow:'] : []),
    `Date: ${new Date().toUTCString()}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

/** Cutting the connection at once could reset it before the client has read the answer. */
function bidFarewell(socket: Duplex, message: string): void {
  const cut = setTimeout(() => socket.destroy(), farewellMs);
  cut.unref();
  socket.once('close', () => clearTimeout(cut));
  socket.once('end', () => socket.destroy());
  socket.end(message);
}
