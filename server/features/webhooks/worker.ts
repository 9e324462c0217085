import type { Database } from '../../../db/connect.js';
import type { Clock } from '../../clock.js';
import { decision } from '../../ledger/rule.js';
import { makeScheduler } from '../../scheduler.js';
import type { EventHub } from '../events/hub.js';
import { makeAttemptSlots } from './attempt-slots.js';
import { type AttemptParts, makeAttempts, nobody } from './attempts.js';
import { hostOf, makeCircuitBreakers } from './circuit-breakers.js';
import { findDue, findWebhookOwners, findWebhookQueues, type WebhookQueue } from './delivery-store.js';
import { type ScheduleDeliveries, scheduleDeliveries } from './schedule-deliveries.js';
import { scheduleNewEvents } from './schedule-new-events.js';
import { ToldOwners } from './told-owners.js';

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

type HostedQueue = WebhookQueue & { readonly host: string };

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
  const { readers, ledger, now, logger } = parts;
  const breakers = makeCircuitBreakers(now);
  const slots = makeAttemptSlots(breakers.isTroubled);
  const attempts = makeAttempts(parts);
  const scheduler = makeScheduler({ now, after: parts.after, look });
  const told = new ToldOwners();
  let owners: ReadonlySet<number> = new Set();
  let areOwnersKnown = false;
  let lastScan = 0;

  async function schedule(input: ScheduleDeliveries): Promise<void> {
    const outcome = await ledger.decide(decision(scheduleDeliveries, { input, caller: nobody }));
    if (outcome.status !== 200) {
      throw new Error(`no deliveries were made: ${outcome.fault ?? outcome.json}`);
    }
  }

  /** Learns whom to listen for. What they were told before comes to light by looking at anyone's webhooks after it. */
  async function knowOwners(): Promise<void> {
    if (!areOwnersKnown) {
      areOwnersKnown = true;
      try {
        owners = new Set(await findWebhookOwners(readers));
      } catch (error) {
        areOwnersKnown = false;
        throw error;
      }
      told.addAnyone();
    }
  }

  async function scheduleWhatIsNew(): Promise<void> {
    if (told.isNobody) {
      return;
    }
    const ownerIds = told.take();
    try {
      if (await scheduleNewEvents(readers, schedule, ownerIds)) {
        told.add(ownerIds);
        scheduler.by(now());
      }
    } catch (error) {
      told.add(ownerIds);
      throw error;
    }
    if (ownerIds === undefined) {
      lastScan = now();
    }
  }

  /** Starts what is due of a webhook, as far as there is room, and gives how many that were. */
  async function startDue(queue: HostedQueue): Promise<number> {
    const limit = slots.room(queue);
    const page = { now: now(), underWay: slots.underWay(), limit };
    const due = limit > 0 ? await findDue(readers, queue.id, page) : [];
    for (const delivery of due) {
      slots.take(delivery.delivery_id, queue);
      const startedAt = now();
      void attempts.make(delivery).then((result) => {
        if (result) {
          breakers.note(queue.host, { isFailure: result.error !== null, tookMicros: now() - startedAt });
        }
        slots.free(delivery.delivery_id);
        scheduler.by(now());
      });
    }
    return due.length;
  }

  /** Starts all that is due and gives when to look for more, unless an attempt that ends makes room before. */
  async function startAttempts(): Promise<number> {
    const found = await findWebhookQueues(readers, { now: now(), underWay: slots.underWay() });
    const queues = found.map((queue) => ({ ...queue, host: hostOf(queue.url) }));
    let next = now() + idleMicros;
    for (const queue of slots.inTurn(queues)) {
      if (slots.room(queue) <= 0) {
        continue;
      }
      const dueAt = Math.max(queue.due_at, breakers.pausedUntil(queue.host));
      if (dueAt > now()) {
        next = Math.min(next, dueAt);
      } else if ((await startDue(queue)) > 0) {
        // The time of the webhook's next delivery is not known yet.
        next = now();
      }
    }
    return next;
  }

  async function look(): Promise<void> {
    if (now() - lastScan >= idleMicros) {
      areOwnersKnown = false;
    }
    try {
      await knowOwners();
      await scheduleWhatIsNew();
      scheduler.by(await startAttempts());
    } catch (error) {
      logger.warn({ err: error }, 'webhooks wait for the ledger or the database');
      scheduler.by(now() + pauseMicros);
    }
  }

  const soon = () => scheduler.by(now() + gatherMicros);

  function wake(): void {
    areOwnersKnown = false;
    soon();
  }

  const stopListening = parts.hub.listenToAll((userIds) => {
    const ownerIds = userIds.filter((id) => owners.has(id));
    if (ownerIds.length > 0) {
      told.add(ownerIds);
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
