import { EventEmitter, once } from 'node:events';
import type { Gate } from './routes.js';

export interface TestGate extends Gate {
  /** Resolves with the signal of the next handler that stands before the gate. */
  arrival(): Promise<AbortSignal>;
  /** Lets in whoever waits. */
  open(): void;
}

/** Holds handlers up until the test lets them go on. */
export function makeGate(): TestGate {
  const events = new EventEmitter();
  const waiting: AbortSignal[] = [];
  return {
    async enter(signal) {
      const opened = once(events, 'open');
      waiting.push(signal);
      events.emit('arrival');
      await opened;
    },
    async arrival() {
      if (waiting.length === 0) {
        await once(events, 'arrival');
      }
      return waiting.shift() ?? AbortSignal.abort();
    },
    open: () => {
      events.emit('open');
    },
  };
}
