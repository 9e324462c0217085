import { publicId } from '../../ids.js';
import type { ToldEvent } from './event-store.js';
import type { StreamSignals } from './stream-signals.js';
import { eventJson } from './wire.js';

/** Events read and sent at a time: what a reader who stalls may leave in memory is a few times as much. */
export const streamPageLength = 50;

/** How long a client should wait before it connects again. */
const retryMs = 3_000;

const heartbeat = ':\n\n';

/**
 * The greeting of a stream: the reader is connected, and from which id on. A block without data is no event, and yet its id
 * is what the reader resumes from, so that whoever loses the connection before the first event misses nothing.
 */
const greeting = (after: number) => `: connected\nretry: ${retryMs}\nid: ${publicId('evt', after)}\n\n`;

/** An event as a block of the stream. JSON holds no line breaks of its own, so the data is one line. */
function eventBlock(event: ToldEvent): string {
  return `id: ${publicId('evt', event.id)}\nevent: ${event.type}\ndata: ${JSON.stringify(eventJson(event))}\n\n`;
}

export interface EventTextParts {
  /** The id of the event that the reader has last. */
  readonly after: number;
  /** The next page of events after this one, oldest first. */
  readonly readSince: (id: number) => Promise<readonly ToldEvent[]>;
  /** Whether the reader may still read. */
  readonly isStillAllowed: () => Promise<boolean>;
  readonly signals: StreamSignals;
}

/**
 * The text of an event stream (WHATWG HTML §9.2): each event once, in order, as fast as it is asked for, until the
 * signals say that it is over or the reader is no longer allowed. Each heartbeat looks for events, too, so that a
 * signal that never came delays them at most by that.
 */
export async function* eventText(parts: EventTextParts): AsyncGenerator<string, void, void> {
  const { readSince, isStillAllowed, signals } = parts;
  let after = parts.after;
  yield greeting(after);
  while (!signals.isOver) {
    if (signals.takeHeartbeat()) {
      if (!(await isStillAllowed())) {
        return;
      }
      yield heartbeat;
    }
    const page = await readSince(after);
    const last = page.at(-1);
    if (last) {
      after = last.id;
      yield page.map(eventBlock).join('');
    }
    if (page.length < streamPageLength) {
      await signals.next();
    }
  }
}
