import { EventEmitter, once } from 'node:events';
import type { ExecutionContext } from 'ava';
import { pino } from 'pino';
import { type Database, openReaders, openWriter } from '../../../../db/connect.js';
import type { DeliveryRow, WebhookRow } from '../../../../db/tables/events.js';
import { type EventHub, makeEventHub } from '../../../../server/features/events/hub.js';
import {
  makePostDelivery,
  type PostDelivery,
} from '../../../../server/features/webhooks/endpoint/post-delivery.js';
import { resolveHost } from '../../../../server/features/webhooks/endpoint/resolve-host.js';
import { makeTargetPolicy } from '../../../../server/features/webhooks/endpoint/target-policy.js';
import type { WebhookType } from '../../../../server/features/webhooks/wire.js';
import { type DeliveryWorker, startWorker } from '../../../../server/features/webhooks/worker.js';
import type { Outcome } from '../../../../server/ledger/outcome.js';
import { type EventType, recordEvent } from '../../../../server/ledger/record-event.js';
import { type Decision, defineRule } from '../../../../server/ledger/rule.js';
import { makeDatabaseFile } from '../../../db/support/database.js';
import { callerOf, registration } from '../../../ledger/support/callers.js';
import { openObservedLedger } from '../../../ledger/support/observed-ledger.js';
import { numberOf } from '../../../ledger/support/outcomes.js';
import { ruleNamed } from '../../../ledger/support/rule-named.js';
import type { ManualClock } from '../../../support/manual-clock.js';

interface Tell {
  readonly userId: number;
  readonly types: readonly EventType[];
}

/** Something happens to a user. */
const tell = defineRule<Tell>('tell', {
  needsTime: false,
  reads: () => [],
  decide(book, { userId, types }, { moment }) {
    for (const [place, type] of types.entries()) {
      recordEvent(book, moment, userId, type, { place });
    }
    return { status: 200, body: null };
  },
});

export const secret = 'whsec_test';

/** The real ledger with its database, and workers over it that go by a clock of the test's. */
export interface Mailroom {
  readonly readers: Database;
  readonly hub: EventHub;
  /** Decides, unless `refuse` says that the ledger is too busy for it. */
  decide(decision: Decision): Promise<Outcome>;
  refuse: (decision: Decision) => boolean;
  /** The next outcome of a decision by this rule that is made from now on. */
  decided(rule: string): Promise<Outcome>;
  register(name: string): Promise<number>;
  tell(userId: number, ...types: EventType[]): Promise<void>;
  makeWebhook(userId: number, url: string, ...types: WebhookType[]): Promise<number>;
  webhook(id: number): Promise<WebhookRow | undefined>;
  /** In the order in which they were made. */
  deliveries(): Promise<readonly DeliveryRow[]>;
  /** Stopped at the end of the test at the latest. */
  startWorker(post?: PostDelivery): DeliveryWorker;
}

export async function openMailroom(t: ExecutionContext, clock: ManualClock): Promise<Mailroom> {
  const file = await makeDatabaseFile(t);
  const writer = openWriter(file);
  const readers = openReaders(file);
  const hub = makeEventHub();
  const decisions = new EventEmitter();
  const ledger = await openObservedLedger(t, writer, hub, { now: clock.now, more: { tell } });
  const workers: DeliveryWorker[] = [];
  t.teardown(async () => {
    await Promise.all(workers.map((worker) => worker.stop()));
    await ledger.settled();
    await readers.destroy();
    await writer.destroy();
  });

  const usualPost = makePostDelivery({
    targets: makeTargetPolicy({ allowsPrivate: true, resolveHost }),
    userAgent: 'pay/test',
    now: clock.now,
    deadlineMs: 10_000,
  });

  const room: Mailroom = {
    readers,
    hub,
    refuse: () => false,
    async decide(decision) {
      if (room.refuse(decision)) {
        throw new Error('OVERLOADED');
      }
      const outcome = await ledger.decide(decision);
      decisions.emit(decision.rule, outcome);
      return outcome;
    },
    async decided(rule) {
      const [outcome] = await once(decisions, rule);
      return outcome;
    },
    async register(name) {
      return numberOf('usr', await ledger.decide(registration(name)));
    },
    async tell(userId, ...types) {
      await ledger.decide({ rule: ruleNamed('tell'), input: { userId, types }, caller: callerOf(userId) });
    },
    async makeWebhook(userId, url, ...types) {
      const input = { userId, url, types, secret };
      const outcome = await ledger.decide({
        rule: ruleNamed('create-webhook'),
        input,
        caller: callerOf(userId),
      });
      return numberOf('whk', outcome);
    },
    webhook: async (id) => readers<WebhookRow>('webhooks').where({ id }).first(),
    deliveries: async () => readers<DeliveryRow>('deliveries').orderBy('id'),
    startWorker(post = usualPost) {
      const worker = startWorker({
        readers,
        ledger: room,
        hub,
        post,
        now: clock.now,
        after: clock.after,
        random: () => 0,
        logger: pino({ level: 'silent' }),
      });
      workers.push(worker);
      return worker;
    },
  };
  return room;
}
