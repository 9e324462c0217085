import type { Logger } from 'pino';
import type { Database } from '../../db/connect.js';
import { machineMicros } from '../clock.js';
import type { EventHub } from '../features/events/hub.js';
import { makePostDelivery } from '../features/webhooks/post-delivery.js';
import { makeReach } from '../features/webhooks/reach.js';
import { resolveHost } from '../features/webhooks/resolve-host.js';
import type { WebhookParts } from '../features/webhooks/webhook-parts.js';
import { startWorker } from '../features/webhooks/worker.js';
import type { LedgerDoor } from '../ledger/door.js';
import type { Settings } from '../settings.js';
import { afterWallTime } from '../timer.js';
import { readVersion } from '../version.js';
import type { Closing } from './closing.js';

/** How long a webhook's endpoint may take to answer. */
const webhookDeadlineMs = 10_000;

export type Webhooks = Pick<WebhookParts, 'reach' | 'worker'>;

interface WebhookNeeds {
  readonly readers: Database;
  readonly ledger: LedgerDoor;
  readonly hub: EventHub;
  readonly logger: Logger;
}

/** Starts the worker that tells endpoints of their users' events. */
export function openWebhooks({ webhooksPrivate }: Settings, parts: WebhookNeeds, closing: Closing): Webhooks {
  const reach = makeReach({ allowsPrivate: webhooksPrivate, resolveHost });
  const worker = startWorker({
    ...parts,
    post: makePostDelivery({
      reach,
      userAgent: `pay/${readVersion()}`,
      now: machineMicros,
      deadlineMs: webhookDeadlineMs,
    }),
    now: machineMicros,
    after: afterWallTime,
    random: Math.random,
  });
  closing.add(() => worker.stop());
  return { reach, worker };
}
