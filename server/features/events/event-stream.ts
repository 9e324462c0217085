import type { Readable } from 'node:stream';
import type { Database } from '../../../db/connect.js';
import type { Clock } from '../../clock.js';
import { Refusal } from '../../errors.js';
import type { Viewer } from '../../http/contract/route.js';
import { credentialId } from '../sessions/credential-id.js';
import { findLiveCredential } from '../sessions/credential-store.js';
import type { Uses } from '../sessions/uses.js';
import { listEventsSince } from './event-store.js';
import { eventText, streamPageLength } from './event-text.js';
import type { EventHub } from './hub.js';
import type { OpenStreams } from './open-streams.js';
import { makeStreamSignals, type StreamSignals } from './stream-signals.js';
import { findStart } from './stream-start.js';
import { timedStream } from './timed-stream.js';

export interface StreamTiming {
  /** The time between two signs of life; at each the credential is looked at again. */
  readonly heartbeatMs: number;
  /** How long a reader may leave what it was sent untaken. */
  readonly patienceMs: number;
  /** How long a reader may leave it untaken once the stream is over. */
  readonly farewellMs: number;
}

export const streamTiming: StreamTiming = { heartbeatMs: 15_000, patienceMs: 30_000, farewellMs: 2_000 };

export interface StreamParts {
  readonly readers: Database;
  readonly hub: EventHub;
  readonly streams: OpenStreams;
  readonly uses: Pick<Uses, 'note'>;
  readonly machineMicros: Clock;
  readonly timing: StreamTiming;
}

export interface StreamReader {
  readonly viewer: Viewer;
  readonly address: string;
  /** The Last-Event-ID header. */
  readonly lastEventId: string | undefined;
  /** Aborted when the reader goes away. */
  readonly signal: AbortSignal;
}

const endedCredential = () => new Refusal('UNAUTHENTICATED', 'The token has just ended. Log in again.');

/** The things that a stream holds on to until it closes. */
interface Held {
  readonly signals: StreamSignals;
  /** Calls the listener as soon as the stream is over. */
  onOver(listener: () => void): void;
  release(): void;
}

function hold({ hub, streams, timing }: StreamParts, { viewer, address }: StreamReader): Held {
  const { userId, credential } = viewer;
  const signals = makeStreamSignals();
  let tellOver: (() => void) | undefined;
  const end = () => {
    if (!signals.isOver) {
      signals.end();
      tellOver?.();
    }
  };
  const leave = streams.admit({ userId, address }, end);
  const stopListening = hub.listen(userId, credentialId(credential), {
    onEvents: signals.tellOfEvents,
    onEnded: end,
    // With a sign of life the credential is looked at again, before anything is told.
    onDoubt: signals.tellHeartbeatIsDue,
  });
  const heartbeat = setInterval(signals.tellHeartbeatIsDue, timing.heartbeatMs);
  return {
    signals,
    onOver(listener) {
      tellOver = listener;
      if (signals.isOver) {
        listener();
      }
    },
    release() {
      clearInterval(heartbeat);
      stopListening();
      leave();
      signals.end();
    },
  };
}

/**
 * Opens a stream of a user's events: those after the one with the id `lastEventId`, or from now on. It listens before
 * it looks where "now" is, so that no event falls between, and holds no database connection while it waits.
 * Throws INVALID_CURSOR, UNAUTHENTICATED, RATE_LIMITED and OVERLOADED.
 */
export async function openEventStream(parts: StreamParts, reader: StreamReader): Promise<Readable> {
  const { readers, machineMicros, timing, uses } = parts;
  const { viewer, lastEventId, signal } = reader;
  const { userId, credential } = viewer;
  const held = hold(parts, reader);
  // Whoever is told what happens uses the session, which may go on for that.
  const isStillAllowed = async () => {
    const now = machineMicros();
    const live = await findLiveCredential(readers, credential, now);
    if (live) {
      uses.note({ kind: credential.kind, id: credential.id, at: now }, live.last_used_at);
    }
    return live !== undefined;
  };
  let after: number;
  try {
    after = await findStart(readers, userId, lastEventId);
    // The credential may have ended after it was asked for and before anybody listened for that.
    if (!(await isStillAllowed())) {
      throw endedCredential();
    }
  } catch (error) {
    held.release();
    throw error;
  }
  const text = eventText({
    after,
    readSince: (id) => listEventsSince(readers, userId, id, streamPageLength),
    isStillAllowed,
    signals: held.signals,
  });
  let farewell: NodeJS.Timeout | undefined;
  const stream = timedStream(text, {
    patienceMs: timing.patienceMs,
    onClose() {
      clearTimeout(farewell);
      held.release();
    },
  });
  held.onOver(() => {
    farewell = setTimeout(() => stream.destroy(), timing.farewellMs);
  });
  signal.addEventListener('abort', () => stream.destroy(), { once: true });
  if (signal.aborted) {
    stream.destroy();
  }
  return stream;
}
