import type { Database } from '../../../db/connect.js';
import type { Clock } from '../../clock.js';
import { makeAttemptSlots } from './attempt-slots.js';
import type { Attempts } from './attempts.js';
import { hostOf, makeCircuitBreakers } from './circuit-breakers.js';
import { type DueDelivery, findDue, findWebhookQueues, type WebhookQueue } from './delivery-store.js';

interface DueDeliveriesParts {
  readonly readers: Database;
  readonly now: Clock;
  readonly attempts: Pick<Attempts, 'make'>;
  /** Is told when an attempt has ended, which makes room for another. */
  readonly onRoom: () => void;
}

type HostedQueue = WebhookQueue & { readonly host: string };

/** The deliveries that are due, of which as many are attempted at once as there is room for. */
export class DueDeliveries {
  readonly #parts: DueDeliveriesParts;
  readonly #breakers;
  readonly #slots;

  constructor(parts: DueDeliveriesParts) {
    this.#parts = parts;
    this.#breakers = makeCircuitBreakers(parts.now);
    this.#slots = makeAttemptSlots(this.#breakers.isTroubled);
  }

  /**
   * Starts all that is due and gives when to look for more, in microseconds since 1970, unless an attempt that ends makes room
   * before; infinity where nothing more waits.
   */
  async start(): Promise<number> {
    const { readers, now } = this.#parts;
    const found = await findWebhookQueues(readers, { now: now(), underWay: this.#slots.underWay() });
    const queues = found.map((queue) => ({ ...queue, host: hostOf(queue.url) }));
    let next = Number.POSITIVE_INFINITY;
    for (const queue of this.#slots.inTurn(queues)) {
      if (this.#slots.room(queue) <= 0) {
        continue;
      }
      const dueAt = Math.max(queue.due_at, this.#breakers.pausedUntil(queue.host));
      if (dueAt > now()) {
        next = Math.min(next, dueAt);
      } else if ((await this.#startOf(queue)) > 0) {
        // The time of the webhook's next delivery is not known yet.
        next = now();
      }
    }
    return next;
  }

  /** Starts what is due of a webhook, as far as there is room, and gives how many that were. */
  async #startOf(queue: HostedQueue): Promise<number> {
    const { readers, now } = this.#parts;
    const limit = this.#slots.room(queue);
    const page = { now: now(), underWay: this.#slots.underWay(), limit };
    const due = limit > 0 ? await findDue(readers, queue.id, page) : [];
    for (const delivery of due) {
      void this.#attempt(delivery, queue);
    }
    return due.length;
  }

  async #attempt(delivery: DueDelivery, queue: HostedQueue): Promise<void> {
    const { now, attempts, onRoom } = this.#parts;
    this.#slots.take(delivery.delivery_id, queue);
    const startedAt = now();
    const result = await attempts.make(delivery);
    if (result) {
      this.#breakers.note(queue.host, { isFailure: result.error !== null, tookMicros: now() - startedAt });
    }
    this.#slots.free(delivery.delivery_id);
    onRoom();
  }
}
