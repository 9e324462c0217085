import { setMaxListeners } from 'node:events';
import type { Logger } from 'pino';
import { publicId } from '../../ids.js';
import type { LedgerDoor } from '../../ledger/door.js';
import { type Caller, type Decision, decision } from '../../ledger/rule.js';
import type { After } from '../../timer.js';
import { eventJson } from '../events/wire.js';
import type { DueDelivery } from './delivery-store.js';
import type { AttemptResult, OutgoingDelivery, PostDelivery } from './endpoint/post-delivery.js';
import { type RecordAttempt, recordAttempt } from './record-attempt.js';

export interface AttemptParts {
  readonly ledger: Pick<LedgerDoor, 'decide'>;
  readonly post: PostDelivery;
  readonly after: After;
  /** A number by chance, from 0 to 1. */
  readonly random: () => number;
  readonly logger: Logger;
}

export interface Attempts {
  /**
   * Sends a delivery and has the result recorded, however long the ledger lets it wait. Gives the result; none where it was broken
   * off. Never rejects.
   */
  make(due: DueDelivery): Promise<AttemptResult | undefined>;
  /** Breaks off what is under way; what has no recorded result then is attempted again another time. */
  stop(): Promise<void>;
}

const shortestPauseMs = 1_000;
const longestPauseMs = 60_000;

/** The caller in whose name webhooks are decided where no user asks for it. */
export const nobody: Caller = { userId: null, isPerson: false, address: '', requestId: 'webhooks' };

const outgoing = ({ delivery_id, url, secret, event }: DueDelivery): OutgoingDelivery => ({
  id: publicId('dlv', delivery_id),
  eventId: publicId('evt', event.id),
  url,
  secret,
  body: JSON.stringify(eventJson(event)),
});

export function makeAttempts({ ledger, post, after, random, logger }: AttemptParts): Attempts {
  const underWay = new Set<Promise<unknown>>();
  const stopping = new AbortController();
  // Every attempt listens to the signal, and there is no leak in that.
  setMaxListeners(0, stopping.signal);
  const { signal } = stopping;

  /** Waits; ends at once when everything stops. */
  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = after(ms, end);
      signal.addEventListener('abort', end, { once: true });
      function end(): void {
        cancel();
        signal.removeEventListener('abort', end);
        resolve();
      }
    });
  }

  async function isDecided(decision: Decision): Promise<boolean> {
    try {
      const { status, fault } = await ledger.decide(decision);
      if (status !== 200) {
        logger.error(
          { decision: decision.input, status, fault },
          'the result of a delivery was not recorded',
        );
      }
      return status === 200;
    } catch (error) {
      logger.debug({ err: error }, 'the ledger takes nothing now');
      return false;
    }
  }

  /** Without its result a delivery would go out again at once, so it keeps its slot until the ledger takes it. */
  async function record(deliveryId: number, result: AttemptResult): Promise<void> {
    const input: RecordAttempt = { deliveryId, ...result, jitter: random() };
    let pauseMs = shortestPauseMs;
    while (!signal.aborted && !(await isDecided(decision(recordAttempt, { input, caller: nobody })))) {
      await pause(pauseMs);
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    }
  }

  async function attempt(due: DueDelivery): Promise<AttemptResult | undefined> {
    const result = await post(outgoing(due), signal);
    // An attempt that was broken off says nothing of the endpoint.
    if (signal.aborted) {
      return undefined;
    }
    logger.debug({ deliveryId: due.delivery_id, webhookId: due.webhook_id, ...result }, 'attempted');
    await record(due.delivery_id, result);
    return result;
  }

  return {
    async make(due) {
      const attempted = attempt(due).catch((error) => {
        logger.error({ err: error, deliveryId: due.delivery_id }, 'an attempt failed for a reason of ours');
        return undefined;
      });
      underWay.add(attempted);
      const result = await attempted;
      underWay.delete(attempted);
      return result;
    },
    async stop() {
      stopping.abort();
      await Promise.all(underWay);
    },
  };
}
