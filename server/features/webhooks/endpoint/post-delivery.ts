import type { LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import type { Clock } from '../../../clock.js';
import { safeTls } from '../../../safe-tls.js';
import { attemptProblem } from './attempt-problem.js';
import { boundedConnector } from './bounded-connector.js';
import { signatureOf } from './signature.js';
import type { TargetPolicy } from './target-policy.js';

/** A delivery as it goes out: what is sent to whom. */
export interface OutgoingDelivery {
  readonly id: string;
  readonly eventId: string;
  readonly url: string;
  readonly secret: string;
  /** The event as JSON, the same bytes at every attempt. */
  readonly body: string;
}

/** The result of an attempt: an HTTP status where there was an answer, and what was wrong, null for a success. */
export interface AttemptResult {
  readonly status: number | null;
  readonly error: string | null;
}

/** Makes one attempt, and never throws. */
export type PostDelivery = (delivery: OutgoingDelivery, signal: AbortSignal) => Promise<AttemptResult>;

/** Makes one attempt, never throws, and gives the beginning of what was answered, too. */
export type PostAndRead = (
  delivery: OutgoingDelivery,
  signal: AbortSignal,
) => Promise<AttemptResult & { readonly text: string }>;

export interface PostOptions {
  readonly targets: TargetPolicy;
  readonly userAgent: string;
  /** The clock whose time is signed, in microseconds since 1970. */
  readonly now: Clock;
  /** How long an attempt may take altogether. */
  readonly deadlineMs: number;
  /** PEM certificates to trust instead of the known authorities. */
  readonly ca?: string | undefined;
}

/** How much of an answer is read before the connection is closed. */
const mostAnswerBytes = 16 * 1024;

/** How much an endpoint may send in all, so that it can busy nobody until the deadline: the handshake, the answer, what is read ahead. */
const mostSentBytes = 1024 * 1024;

/** Connects to what was looked up and judged before, whatever the name leads to by now. */
function pinnedTo(addresses: readonly string[]): LookupFunction {
  const all: LookupAddress[] = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_host, { all: wantsAll }, callback) => {
    const [first] = all;
    process.nextTick(() => {
      if (wantsAll) {
        callback(null, all);
      } else {
        callback(null, first?.address ?? '', first?.family);
      }
    });
  };
}

function headersOf({ id, eventId, secret, body }: OutgoingDelivery, options: PostOptions) {
  return {
    'content-type': 'application/json',
    'user-agent': options.userAgent,
    'pay-event-id': eventId,
    'pay-delivery-id': id,
    'pay-signature': signatureOf(secret, Math.floor(options.now() / 1_000_000), body),
  };
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** The beginning of what an endpoint says; empty where it breaks off while saying it. */
async function beginningOf(body: AsyncIterable<Buffer>): Promise<string> {
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    for await (const piece of body) {
      pieces.push(piece);
      length += piece.length;
      if (length >= mostAnswerBytes) {
        break;
      }
    }
  } catch {
    return '';
  }
  return Buffer.concat(pieces).subarray(0, mostAnswerBytes).toString('utf8');
}

/** The endpoint's answer. Follows no redirect: where it leads has not been judged. */
async function send(delivery: OutgoingDelivery, options: PostOptions, signal: AbortSignal): Promise<Answer> {
  const url = new URL(delivery.url);
  const addresses = await options.targets.addressesOf(url, signal);
  const { deadlineMs, ca } = options;
  // undici is loaded by the first attempt: most servers have no webhooks, and a start does not wait for what may never be
  // needed.
  const { Client, buildConnector } = await import('undici');
  signal.throwIfAborted();
  const connect = buildConnector({
    ...safeTls,
    lookup: pinnedTo(addresses),
    timeout: deadlineMs,
    // A request that is aborted would wait for its connection first, so the signal ends that as well.
    signal,
    ...(ca !== undefined && { ca }),
  });
  // A connection of its own for each attempt: the address is judged anew, and nothing is kept of endpoints long gone.
  const client = new Client(url.origin, {
    connect: boundedConnector(connect, mostSentBytes),
    headersTimeout: deadlineMs,
    bodyTimeout: deadlineMs,
  });
  try {
    const { statusCode, body } = await client.request({
      method: 'POST',
      path: url.pathname + url.search,
      headers: headersOf(delivery, options),
      body: delivery.body,
      reset: true,
      signal,
    });
    return { status: statusCode, text: await beginningOf(body) };
  } finally {
    await client.destroy();
  }
}

function resultOf({ status, text }: Answer): AttemptResult & { readonly text: string } {
  const isSuccess = status >= 200 && status <= 299;
  return { status, error: isSuccess ? null : `answered with status ${status}`, text };
}

/** POSTs a delivery, signed, to its webhook: a status of 2xx within the deadline is a success. */
export function makePostDelivery(options: PostOptions): PostDelivery {
  const post = makePostAndRead(options);
  return async (delivery, signal) => {
    const { status, error } = await post(delivery, signal);
    return { status, error };
  };
}

/** Makes one attempt, and gives the beginning of what was answered, too. */
export function makePostAndRead(options: PostOptions): PostAndRead {
  return async (delivery, signal) => {
    const controller = new AbortController();
    const abort = () => controller.abort();
    let isLate = false;
    const deadline = setTimeout(() => {
      isLate = true;
      abort();
    }, options.deadlineMs);
    signal.addEventListener('abort', abort, { once: true });
    try {
      signal.throwIfAborted();
      return resultOf(await send(delivery, options, controller.signal));
    } catch (error) {
      const late = `did not answer within ${options.deadlineMs / 1_000} seconds`;
      return { status: null, error: isLate ? late : attemptProblem(error), text: '' };
    } finally {
      clearTimeout(deadline);
      signal.removeEventListener('abort', abort);
    }
  };
}
