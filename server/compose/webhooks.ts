import type { Logger } from 'pino';
import type { Database } from '../../db/connect.js';
import { isPostgres } from '../../db/postgres/place.js';
import { lead } from '../../db/postgres/writers/lead.js';
import { machineMicros } from '../clock.js';
import type { EventHub } from '../features/events/hub.js';
import { makePostAndRead, makePostDelivery } from '../features/webhooks/endpoint/post-delivery.js';
import { resolveHost } from '../features/webhooks/endpoint/resolve-host.js';
import { makeTargetPolicy } from '../features/webhooks/endpoint/target-policy.js';
import { type DeliveryWorker, startWorker } from '../features/webhooks/worker.js';
import { makeGate } from '../http/serve/bounded-gate.js';
import type { LedgerDoor } from '../ledger/door.js';
import type { Settings } from '../settings.js';
import { afterWallTime } from '../timer.js';
import { readVersion } from '../version.js';
import type { Opened } from './app/opened.js';
import type { Closing } from './closing.js';

/** How long a webhook's endpoint may take to answer. */
const webhookDeadlineMs = 10_000;

const tooManyChallenges = 'Too many webhooks are being made right now. Try again in a few seconds.';

interface WebhookNeeds {
  readonly readers: Database;
  readonly ledger: LedgerDoor;
  readonly hub: EventHub;
  readonly logger: Logger;
}

/** The worker of the one of several servers that delivers for all; what the others are asked for it hears of by their commits. */
function workWhereLeading(url: string, start: () => DeliveryWorker): DeliveryWorker {
  let worker: DeliveryWorker | undefined;
  const leading = lead(url, 'webhooks', () => {
    worker = start();
    return worker;
  });
  return { wake: () => worker?.wake(), stop: () => leading.stop() };
}

/** Starts the worker that tells endpoints of their users' events. */
export function openWebhooks(
  { databasePath, webhooksPrivate, rateLimits: { shares } }: Settings,
  parts: WebhookNeeds,
  closing: Closing,
): Opened['webhooks'] {
  const targets = makeTargetPolicy({ allowsPrivate: webhooksPrivate, resolveHost });
  const options = {
    targets,
    userAgent: `pay/${readVersion()}`,
    now: machineMicros,
    deadlineMs: webhookDeadlineMs,
  };
  const start = () =>
    startWorker({
      ...parts,
      post: makePostDelivery(options),
      now: machineMicros,
      after: afterWallTime,
      random: Math.random,
    });
  const worker = isPostgres(databasePath) ? workWhereLeading(databasePath, start) : start();
  closing.add(() => worker.stop());
  const gate = makeGate({
    running: shares.challenges,
    waiting: shares.challengesWaiting,
    tooMany: tooManyChallenges,
  });
  return { targets, worker, post: makePostAndRead(options), gate };
}
