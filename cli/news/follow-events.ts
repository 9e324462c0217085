import type { EventJson } from '../../server/features/events/wire.js';
import type { Api } from '../api/api.js';
import { Unanswered } from '../api/call.js';
import { NothingSent } from '../api/transport.js';
import { Failure } from '../failure/failure.js';
import { type ServerEvent, serverEvents } from './server-events.js';

export interface Following {
  readonly api: Api;
  readonly signal: AbortSignal;
  /** Waits; ends early, without an error, when the signal is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** How long the stream may be silent, heartbeats included, before it is taken for dead. */
  readonly silenceMs: number;
  /** The id of the event to begin after; undefined begins now. */
  readonly since: string | undefined;
  /** Whether the first connection may be late, too, and is tried again like any other. */
  readonly mayBeginLate?: true;
  /** A number from 0 to 1, so that many who lost the server do not come back at once. */
  readonly random: () => number;
  onEvent(event: EventJson): Promise<void>;
  /** The first connection stands. */
  onConnected(): Promise<void>;
  /** The connection is lost, and the next try begins after this time. */
  onLost(waitMs: number): Promise<void>;
  onBack(): Promise<void>;
  /** Whether nobody wants any more events. */
  isOver(): boolean;
}

const leastWaitMs = 1_000;
const longestWaitMs = 30_000;

const interrupted = () => new Failure('interrupted', 'Interrupted.', { isWanted: true });

/** Whether another try may find it mended: no connection, no answer, or one that says to come back. */
function isPassing(error: unknown): boolean {
  if (error instanceof Unanswered) {
    return true;
  }
  if (!(error instanceof Failure) || error.kind !== 'unreachable') {
    return false;
  }
  const { cause, figures } = error.details;
  const isFromServer = cause === undefined && figures === undefined;
  // Neither output that cannot be written nor a server that shows another key is mended by waiting.
  return isFromServer || cause instanceof NothingSent || cause instanceof Unanswered;
}

/** The same pieces; where they break off, that is an answer that did not come. */
async function* orUnanswered(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  try {
    yield* pieces;
  } catch (error) {
    throw new Unanswered(error);
  }
}

function eventOf(data: string): EventJson | undefined {
  try {
    const value = JSON.parse(data) as Partial<EventJson> | null;
    return typeof value?.id === 'string' && typeof value.type === 'string' && typeof value.data === 'object'
      ? (value as EventJson)
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Follows the stream of events until it is over: connects again with growing waits whenever the connection is lost, and
 * goes on after the last event that was handed over, so that none is missed and none comes twice.
 * @throws Failure where the first connection fails (unless it may be late), nobody is logged in any longer, or it is interrupted
 */
export async function followEvents(parts: Following): Promise<void> {
  const { api, signal, silenceMs } = parts;
  let lastEventId = parts.since;
  let retryMs = leastWaitMs;
  let failures = 0;
  let hasConnected = false;

  async function take(block: ServerEvent): Promise<void> {
    failures = 0;
    retryMs = Math.max(leastWaitMs, block.retryMs ?? retryMs);
    const event = block.data === undefined ? undefined : eventOf(block.data);
    if (event && event.id !== lastEventId) {
      await parts.onEvent(event);
    }
    lastEventId = block.lastEventId === '' ? lastEventId : block.lastEventId;
  }

  async function read(): Promise<void> {
    const pieces = await api.stream('GET /v1/events', 'text/event-stream', {
      timeoutMs: silenceMs,
      ...(lastEventId !== undefined && { lastEventId }),
    });
    await (hasConnected ? parts.onBack() : parts.onConnected());
    hasConnected = true;
    for await (const block of serverEvents(orUnanswered(pieces))) {
      await take(block);
      if (parts.isOver()) {
        return;
      }
    }
  }

  async function readUntilLost(): Promise<void> {
    try {
      await read();
    } catch (error) {
      const mayTryAgain = hasConnected || parts.mayBeginLate === true;
      if (!mayTryAgain || signal.aborted || !isPassing(error)) {
        throw signal.aborted ? interrupted() : error;
      }
    }
  }

  async function waitToTryAgain(): Promise<void> {
    const grownMs = Math.min(longestWaitMs, retryMs * 2 ** failures);
    failures += 1;
    const waitMs = Math.round(grownMs * (0.75 + 0.5 * parts.random()));
    await parts.onLost(waitMs);
    await parts.sleep(waitMs, signal);
    if (signal.aborted) {
      throw interrupted();
    }
  }

  await readUntilLost();
  while (!parts.isOver()) {
    await waitToTryAgain();
    await readUntilLost();
  }
}
