import { EventEmitter, once } from 'node:events';
import test, { type ExecutionContext } from 'ava';
import { rules } from '../../../server/compose/rules.js';
import { noticeOf } from '../../../server/features/events/notice.js';
import { type Sweep, sweepExpiredRequests } from '../../../server/features/requests/expire-requests.js';
import { openLedger } from '../../../server/ledger/commit/group-commit.js';
import type { Decision } from '../../../server/ledger/rule.js';
import { builtInRates } from '../../../server/money/rate-table.js';
import { makeDatabaseFile, openReadersOf, openWriterOf } from '../../db/support/database.js';
import { callerOf, registration } from '../../ledger/support/callers.js';
import { numberOf } from '../../ledger/support/outcomes.js';
import { ruleNamed } from '../../ledger/support/rule-named.js';
import { makeManualClock } from '../../support/manual-clock.js';

const minuteMs = 60_000;

/** The real ledger over its database, with a sweep beside it that is told of new requests as the server tells it. */
async function openOffice(t: ExecutionContext) {
  const file = await makeDatabaseFile(t);
  const [writer, readers] = [openWriterOf(t, file), openReadersOf(t, file)];
  const clock = makeManualClock();
  const looks = new EventEmitter();
  const asked: Decision[] = [];
  const office = { clock, behindMs: 0, isTold: true, failures: 0, asked, looks, readers };
  let sweep: Sweep | undefined;
  const ledger = await openLedger({
    writer,
    rules,
    askTime: async () => clock.now() - office.behindMs * 1000,
    machineMicros: clock.now,
    rates: builtInRates,
    chain: 1,
    onCommitted(changes) {
      const firstExpiry = noticeOf(changes)?.firstExpiry;
      if (firstExpiry !== undefined && office.isTold) {
        sweep?.by(firstExpiry);
      }
    },
    onBroken: (error) => t.fail(error.message),
  });
  const alice = numberOf('usr', await ledger.decide(registration('alice')));
  await ledger.decide(registration('bob'));
  sweep = sweepExpiredRequests({
    readers,
    ledger: {
      async decide(decision) {
        asked.push(decision);
        if (office.failures > 0) {
          office.failures -= 1;
          throw new Error('the ledger is too busy');
        }
        return ledger.decide(decision);
      },
    },
    now: clock.now,
    // What it sets its timer to is when a look has ended.
    after(delayMs, callback) {
      looks.emit('ended', delayMs);
      return clock.after(delayMs, callback);
    },
    logger: { warn: () => looks.emit('warned') },
  });
  await once(looks, 'ended');
  const stop = sweep.stop;
  t.teardown(async () => {
    await stop();
    await ledger.settled();
  });
  return Object.assign(office, {
    wake: sweep.wake,
    async askFor(minor: number, lifeMs: number): Promise<number> {
      const expiresAt = clock.now() + lifeMs * 1000;
      const amount = { minor, currency: 'GBP' };
      const input = { requesterId: alice, from: 'bob', amount, memo: null, expiresAt };
      const decision = { rule: ruleNamed('create-request'), input, facts: { checkFunds: false } };
      return numberOf('req', await ledger.decide({ ...decision, caller: callerOf(alice) }));
    },
    countExpired: async () => (await readers('requests').where({ status: 'expired' })).length,
    statusOf: async (id: number) => (await readers('requests').where({ id }).first('status')).status,
    /** Waits for the end of a look, and gives how long until the next. */
    async nextEnd(): Promise<number> {
      const [delayMs] = await once(looks, 'ended');
      return delayMs;
    },
  });
}

test('a request is closed at its time, also when one that expires later was there before', async (t) => {
  const office = await openOffice(t);
  const [late, early] = [await office.askFor(100, 50_000), await office.askFor(200, 20_000)];
  office.clock.advance(19_999);
  await new Promise(setImmediate);
  t.deepEqual(office.asked, [], 'nothing is looked for before');
  const looked = office.nextEnd();
  office.clock.advance(1);
  t.is(await looked, 30_000, 'the next look is when the other expires');
  t.deepEqual([await office.statusOf(early), await office.statusOf(late)], ['expired', 'pending']);
});

test('however many are over at once, all are closed without a wait', async (t) => {
  const office = await openOffice(t);
  for (let minor = 1; minor <= 230; minor += 1) {
    await office.askFor(minor, 10_000);
  }
  office.clock.advance(10_000);
  const delaysMs = [await office.nextEnd(), await office.nextEnd(), await office.nextEnd()];
  t.deepEqual(delaysMs, [0, 0, minuteMs]);
  t.is(await office.countExpired(), 230);
});

test('somebody who was refused for it wakes the sweep', async (t) => {
  const office = await openOffice(t);
  office.isTold = false;
  const request = await office.askFor(100, 10_000);
  office.clock.advance(11_000);
  const looked = once(office.looks, 'ended').then(() => office.nextEnd());
  office.wake();
  await looked;
  t.is(await office.statusOf(request), 'expired');
});

test('what a second clock does not call over yet is asked again in a second, and not at once', async (t) => {
  const office = await openOffice(t);
  const request = await office.askFor(100, 10_000);
  office.behindMs = 1_500;
  let looked = office.nextEnd();
  office.clock.advance(10_000);
  t.is(await looked, 1_000);
  t.is(await office.statusOf(request), 'pending');
  t.is(office.asked.length, 1);
  office.behindMs = 0;
  looked = office.nextEnd();
  office.clock.advance(1_000);
  t.is(await looked, minuteMs);
  t.is(await office.statusOf(request), 'expired');
});

test('a ledger that is too busy is left alone for a second, and the request is closed then', async (t) => {
  const office = await openOffice(t);
  const request = await office.askFor(100, 10_000);
  office.failures = 1;
  const warned = once(office.looks, 'warned');
  let looked = office.nextEnd();
  office.clock.advance(10_000);
  await warned;
  t.is(await looked, 1_000);
  looked = office.nextEnd();
  office.clock.advance(1_000);
  t.is(await looked, minuteMs);
  t.is(await office.statusOf(request), 'expired');
});

test('a request that lives for months is waited for in steps that timers can take', async (t) => {
  const office = await openOffice(t);
  const looked = office.nextEnd();
  await office.askFor(100, 300 * 24 * 60 * minuteMs);
  office.clock.advance(minuteMs);
  t.is(await looked, minuteMs);
  t.is(office.asked.length, 0);
});
