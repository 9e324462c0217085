import type { EventJson } from '../../server/features/events/wire.js';
import type { OpenContext } from '../make-context.js';
import { followEvents } from '../news/follow-events.js';
import { sleep } from '../sleep.js';

/** The events of one account as they happen, until it is stopped or fails for good. */
export interface EventStream {
  stop(): void;
  /** Tries to connect at once instead of later. */
  hurry(): void;
  readonly ended: Promise<void>;
}

export interface EventStreamParts {
  /** A context with a connection of its own, which the stream closes. */
  readonly open: (signal: AbortSignal) => Promise<OpenContext>;
  readonly signal: AbortSignal;
  readonly onEvent: (event: EventJson) => void;
  readonly onConnected: () => Promise<void>;
  readonly onLost: () => Promise<void>;
  /** The stream has failed for good, and was not stopped. */
  readonly onEnd: (error: unknown) => void;
}

// The silence after which the stream is taken for dead: three heartbeats of the server.
const silenceMs = 45_000;

/** Begins to follow the events of the account that the context is of. */
export function openEventStream(parts: EventStreamParts): EventStream {
  const stopping = new AbortController();
  const signal = AbortSignal.any([parts.signal, stopping.signal]);
  let hurry = () => {};

  async function run(): Promise<void> {
    const { context, close } = await parts.open(signal);
    try {
      await followEvents({
        api: await context.api(),
        signal,
        mayBeginLate: true,
        sleep: async (ms) => {
          const early = new AbortController();
          hurry = () => early.abort();
          await sleep(ms, AbortSignal.any([signal, early.signal]));
        },
        silenceMs,
        since: undefined,
        random: Math.random,
        onEvent: async (event) => parts.onEvent(event),
        onConnected: parts.onConnected,
        onBack: parts.onConnected,
        onLost: parts.onLost,
        isOver: () => false,
      });
    } finally {
      await close();
    }
  }

  const ended = run().catch((error: unknown) => {
    if (!signal.aborted) {
      parts.onEnd(error);
    }
  });
  return { ended, stop: () => stopping.abort(), hurry: () => hurry() };
}
