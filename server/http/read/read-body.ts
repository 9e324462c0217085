import type { IncomingMessage, ServerResponse } from 'node:http';
import { Refusal } from '../../errors.js';
import { checkContentType } from './content-type.js';
import { parseStrictJson } from './strict-json.js';

/** The largest body that is read, in bytes, where the route does not say otherwise. */
export const bodyLimitBytes = 64 * 1024;

/** The most values that a body may hold, objects and lists counted too, where the route does not say otherwise. */
const bodyLimitValues = 2_000;

export interface BodyLimits {
  readonly bodyLimitBytes?: number | undefined;
  readonly bodyLimitValues?: number | undefined;
}

/** The most of a body that is still taken off the wire after a refusal, so that the client gets to read the answer. */
const discardLimitBytes = 16 * 1024 * 1024;

/**
 * The length from which on a body is read elsewhere, where its route knows of a place: what is shorter takes few
 * milliseconds.
 */
const longBytes = 8 * 1024;

/**
 * The JSON value in the body of a request that announces one, within the limits of its route; undefined where it is empty.
 * `readLong` reads a long one and judges it as well.
 * @throws Refusal UNSUPPORTED_MEDIA_TYPE, BODY_TOO_LARGE, MALFORMED_JSON, or MALFORMED_REQUEST for a body that broke off.
 */
export async function readJsonBody(
  request: IncomingMessage,
  response: ServerResponse,
  limits: BodyLimits,
  readLong?: (bytes: Buffer) => Promise<unknown>,
): Promise<Sent> {
  checkContentType(request.headers);
  const bytes = await readBytes(request, response, limits.bodyLimitBytes ?? bodyLimitBytes);
  if (bytes.length === 0) {
    return nothingSent;
  }
  if (readLong !== undefined && bytes.length > longBytes) {
    return { value: await readLong(bytes), bytes: bytes.length, isJudged: true };
  }
  const value = parseStrictJson(bytes, limits.bodyLimitValues ?? bodyLimitValues);
  return { value, bytes: bytes.length, isJudged: false };
}

/** A body as JSON, and how long it was; no bytes and no value where there was none. */
export interface Sent {
  readonly value: unknown;
  readonly bytes: number;
  /** Whether it has been held against the schema of its route already. */
  readonly isJudged: boolean;
}

/** What a request without a body has sent. */
export const nothingSent: Sent = Object.freeze({ value: undefined, bytes: 0, isJudged: false });

/** How many bytes of a body a request announces (RFC 9112 §6.3), zero where it has none; undefined where it comes in chunks. */
export function announcedBytes({ headers }: IncomingMessage): number | undefined {
  return headers['transfer-encoding'] === undefined ? Number(headers['content-length'] ?? 0) : undefined;
}

function readBytes(request: IncomingMessage, response: ServerResponse, limitBytes: number): Promise<Buffer> {
  const length = request.headers['content-length'];
  if (length !== undefined && Number(length) > limitBytes) {
    throw tooLarge(limitBytes);
  }
  if (request.destroyed) {
    throw brokeOff();
  }
  if (request.headers.expect !== undefined) {
    response.writeContinue();
  }
  return gather(request, limitBytes);
}

/** The bytes of a body, of which no more are kept than may be there. */
function gather(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > limitBytes) {
        request.removeAllListeners('data');
        reject(tooLarge(limitBytes));
        return;
      }
      chunks.push(chunk);
    });
    request.on('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
    const leave = () => {
      if (!request.complete) {
        reject(brokeOff());
      }
    };
    request.on('error', leave);
    request.on('close', leave);
  });
}

const brokeOff = () => new Refusal('MALFORMED_REQUEST', 'The body broke off before its end.');

function tooLarge(limitBytes: number): Refusal {
  return new Refusal('BODY_TOO_LARGE', `The body may have at most ${limitBytes} bytes.`);
}

/** How long a client that is still sending may take to read why its body is not taken. */
const farewellMs = 2_000;

/**
 * Ends the connection of an answer that says so, but not with the answer: closed under a client that is still sending it would be
 * reset, and the answer lost. The client has some time to read it, and closes.
 */
function endLater({ socket }: IncomingMessage): void {
  // Node calls this when the answer is written.
  socket.destroySoon = () => void socket.end();
  const cut = setTimeout(() => socket.destroy(), farewellMs);
  cut.unref();
  socket.once('close', () => clearTimeout(cut));
}

/** Leaves a body where it is: to read it would cost as much as what was refused. The connection ends. */
export function leaveBody(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('Connection', 'close');
  request.socket.pause();
  endLater(request);
}

/** Whether a client announces more than is taken off the wire, or still waits for leave to send, which it will not do after a refusal. */
const isNeverWhole = (request: IncomingMessage): boolean =>
  request.headers.expect !== undefined || (announcedBytes(request) ?? 0) > discardLimitBytes;

/** Throws away what is left of the body of a refused request. The connection stays usable where that has an end. */
export function discardBody(request: IncomingMessage, response: ServerResponse): void {
  if (request.readableEnded || request.destroyed) {
    return;
  }
  if (!request.complete && isNeverWhole(request)) {
    response.setHeader('Connection', 'close');
    endLater(request);
  }
  let discardedBytes = 0;
  request.on('data', (chunk: Buffer) => {
    discardedBytes += chunk.length;
    if (discardedBytes > discardLimitBytes) {
      request.socket.destroy();
    }
  });
  request.resume();
}
