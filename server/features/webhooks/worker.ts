import type { Database } from '../../../db/connect.js';
import type { Clock } from '../../clock.js';
import { makeScheduler } from '../../scheduler.js';
import type { EventHub } from '../events/hub.js';
import { type AttemptParts, makeAttempts } from './attempts.js';
import { DueDeliveries } from './due-deliveries.js';
import { NewEvents } from './new-events.js';

export interface WorkerParts extends AttemptParts {
  readonly readers: Database;
  readonly hub: Pick<EventHub, 'listenToAll' | 'listenToWebhooks'>;
  /** The clock that the ledger goes by for what moves no money: microseconds since 1970. */
  readonly now: Clock;
}

export interface DeliveryWorker {
  /** Says that there is something to do: a webhook was made, or a delivery asked for again. */
  wake(): void;
  /** Breaks off what is under way, to be done again after the next start; resolves when nothing runs any more. */
  stop(): Promise<void>;
}

/** The time within which what commits bring is looked at together. */
const gatherMicros = 50_000;
/** How long to leave the ledger or the database alone that could not serve. */
const pauseMicros = 1_000_000;
/** The longest pause between two looks: nothing waits for this one, which finds what another hand has changed in the database. */
const idleMicros = 60_000_000;

/**
 * Sends events to webhooks: makes deliveries of new events, attempts those that are due and has the results recorded.
 * What there is to do stands in the database alone, so whoever starts after a kill goes on where it ended; an attempt
 * whose result was not recorded is made again.
 */
export function startWorker(parts: WorkerParts): DeliveryWorker {
  const { now, logger } = parts;
  const scheduler = makeScheduler({ now, after: parts.after, look });
  const attempts = makeAttempts(parts);
  const newEvents = new NewEvents(parts);
  const dueDeliveries = new DueDeliveries({ ...parts, attempts, onRoom: () => scheduler.by(now()) });

  async function look(): Promise<void> {
    if (now() - newEvents.scannedAt >= idleMicros) {
      newEvents.forgetOwners();
    }
    try {
      if (await newEvents.schedule()) {
        scheduler.by(now());
      }
      scheduler.by(Math.min(await dueDeliveries.start(), now() + idleMicros));
    } catch (error) {
      logger.warn({ err: error }, 'webhooks wait for the ledger or the database');
      scheduler.by(now() + pauseMicros);
    }
  }

  const soon = () => scheduler.by(now() + gatherMicros);

  function wake(): void {
    newEvents.forgetOwners();
    soon();
  }

  const stopListening = parts.hub.listenToAll((userIds) => {
    if (newEvents.note(userIds)) {
      soon();
    }
  });
  const stopListeningToOthers = parts.hub.listenToWebhooks(wake);
  scheduler.by(now());

  return {
    wake,
    async stop() {
      stopListening();
      stopListeningToOthers();
      await Promise.all([scheduler.stop(), attempts.stop()]);
    },
  };
}
