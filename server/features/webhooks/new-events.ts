import type { Database } from '../../../db/connect.js';
import type { Clock } from '../../clock.js';
import type { LedgerDoor } from '../../ledger/door.js';
import { decision } from '../../ledger/rule.js';
import { nobody } from './attempts.js';
import { findWebhookOwners } from './delivery-store.js';
import { type ScheduleDeliveries, scheduleDeliveries } from './schedule-deliveries.js';
import { scheduleNewEvents } from './schedule-new-events.js';
import { ToldOwners } from './told-owners.js';

interface NewEventsParts {
  readonly readers: Database;
  readonly ledger: Pick<LedgerDoor, 'decide'>;
  readonly now: Clock;
}

/** The events that webhooks may not have looked at yet: those of owners who were told of some, or of anyone. */
export class NewEvents {
  readonly #readers: Database;
  readonly #ledger: Pick<LedgerDoor, 'decide'>;
  readonly #now: Clock;
  readonly #told = new ToldOwners();
  #owners: ReadonlySet<number> = new Set();
  #areOwnersKnown = false;
  #scannedAt = 0;

  constructor({ readers, ledger, now }: NewEventsParts) {
    this.#readers = readers;
    this.#ledger = ledger;
    this.#now = now;
  }

  /** When anyone's events were last looked at, in microseconds since 1970; zero before that. */
  get scannedAt(): number {
    return this.#scannedAt;
  }

  /** Has the owners of webhooks read again, and anyone's events looked at, by the next `schedule`. */
  forgetOwners(): void {
    this.#areOwnersKnown = false;
  }

  /** Notes that these users have events; gives whether any of them owns a webhook. */
  note(userIds: readonly number[]): boolean {
    const ownerIds = userIds.filter((id) => this.#owners.has(id));
    if (ownerIds.length > 0) {
      this.#told.add(ownerIds);
    }
    return ownerIds.length > 0;
  }

  /** Has deliveries made of what is new; gives whether there may be more of it. */
  async schedule(): Promise<boolean> {
    await this.#knowOwners();
    if (this.#told.isNobody) {
      return false;
    }
    const ownerIds = this.#told.take();
    let hasMore = false;
    try {
      hasMore = await scheduleNewEvents(this.#readers, (input) => this.#makeDeliveries(input), ownerIds);
      if (hasMore) {
        this.#told.add(ownerIds);
      }
    } catch (error) {
      this.#told.add(ownerIds);
      throw error;
    }
    if (ownerIds === undefined) {
      this.#scannedAt = this.#now();
    }
    return hasMore;
  }

  /** Learns whom to listen for. What they were told before comes to light by looking at anyone's webhooks after it. */
  async #knowOwners(): Promise<void> {
    if (!this.#areOwnersKnown) {
      this.#areOwnersKnown = true;
      try {
        this.#owners = new Set(await findWebhookOwners(this.#readers));
      } catch (error) {
        this.#areOwnersKnown = false;
        throw error;
      }
      this.#told.addAnyone();
    }
  }

  async #makeDeliveries(input: ScheduleDeliveries): Promise<void> {
    const outcome = await this.#ledger.decide(decision(scheduleDeliveries, { input, caller: nobody }));
    if (outcome.status !== 200) {
      throw new Error(`no deliveries were made: ${outcome.fault ?? outcome.json}`);
    }
  }
}
