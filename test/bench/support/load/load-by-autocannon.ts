import { randomUUID } from 'node:crypto';
import autocannon, { type Request } from 'autocannon';
import type { Load, LoadResult, LoadTools } from './load.js';
import { paymentAmount } from './payment-amount.js';
import { pick } from './pick.js';
import { quantile } from './statistics.js';

function paymentTo(tools: LoadTools, username: string): string {
  const amount = paymentAmount(tools.nextPayment);
  tools.nextPayment += 1;
  return JSON.stringify({ to: username, amount, memo: 'bench' });
}

function bodyOf(tools: LoadTools, posted: NonNullable<Load['posted']>, sender: string | undefined): string {
  if ('texts' in posted) {
    return pick(posted.texts);
  }
  let receiver = pick(posted.payTo);
  while (receiver.username === sender) {
    receiver = pick(posted.payTo);
  }
  return paymentTo(tools, receiver.username);
}

function nextRequest(tools: LoadTools, { path, senders, posted }: Load, request: Request): Request {
  const sender = senders.length > 0 ? pick(senders) : undefined;
  const authorization = sender && { authorization: `Bearer ${sender.token}` };
  if (posted === undefined) {
    return { ...request, method: 'GET', path, headers: { ...authorization } };
  }
  return {
    ...request,
    method: 'POST',
    path,
    headers: { ...authorization, 'content-type': 'application/json', 'idempotency-key': randomUUID() },
    body: bodyOf(tools, posted, sender?.username),
  };
}

/** The same load as wrk's, of a generator that takes more of the two cores for itself. */
export async function loadByAutocannon(tools: LoadTools, load: Load): Promise<LoadResult> {
  const running = autocannon({
    url: load.url,
    connections: load.connections,
    duration: load.seconds,
    requests: [{ setupRequest: (request) => nextRequest(tools, load, request) }],
    tlsOptions: { rejectUnauthorized: false },
  });
  const tookMs: number[] = [];
  running.on('response', (_client, _status, _bytes, ms) => tookMs.push(ms));
  const result = await running;
  const quantileMicros = (share: number) =>
    tookMs.length === 0 ? Number.POSITIVE_INFINITY : quantile(tookMs, share) * 1000;
  return {
    succeeded: result['2xx'],
    failed: result.errors + result.timeouts + result.non2xx,
    perSecond: result['2xx'] / result.duration,
    p50Micros: quantileMicros(0.5),
    p99Micros: quantileMicros(0.99),
  };
}
