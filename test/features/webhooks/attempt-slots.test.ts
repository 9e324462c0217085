import test from 'ava';
import fc from 'fast-check';
import { makeAttemptSlots, slotLimits } from '../../../server/features/webhooks/attempt-slots.js';

const webhook = (id: number, user = id, host = `host-${id}`) => ({ id, user_id: user, host });

type Webhook = ReturnType<typeof webhook>;

test('a webhook, a user and the process have only so many attempts under way', (t) => {
  const slots = makeAttemptSlots(() => false, { ...slotLimits, ofWebhook: 2, ofUser: 3, ofProcess: 4 });
  const [first, second, other] = [webhook(1, 1), webhook(2, 1), webhook(3, 3)];
  t.is(slots.room(first), 2);
  slots.take(1, first);
  slots.take(2, first);
  t.is(slots.room(first), 0);
  t.is(slots.room(second), 1);
  slots.take(3, second);
  t.is(slots.room(second), 0);
  t.is(slots.room(other), 1);
  slots.take(4, other);
  t.is(slots.room(other), 0);
  t.deepEqual(slots.underWay(), [1, 2, 3, 4]);
  slots.free(2);
  t.is(slots.room(first), 1);
  t.is(slots.room(second), 1);
});

test('whoever has waited longest comes first, and newcomers before all', (t) => {
  const slots = makeAttemptSlots(() => false);
  const [a, b, c] = [webhook(1), webhook(2), webhook(3)];
  slots.take(1, b);
  slots.take(2, a);
  t.deepEqual(slots.inTurn([a, b, c]), [c, b, a]);
});

test('the last turns of ten thousand webhooks are kept: one whose turn was before them is a newcomer', (t) => {
  const slots = makeAttemptSlots(() => false);
  const all = Array.from({ length: 10_001 }, (_, id) => webhook(id));
  for (const one of all) {
    slots.take(one.id, one);
    slots.free(one.id);
  }
  const [first, second] = all as [Webhook, Webhook];
  const newcomer = webhook(20_000);
  // Newcomers keep their order; whoever has had a turn comes behind them.
  t.deepEqual(slots.inTurn([first, newcomer]), [first, newcomer]);
  t.deepEqual(slots.inTurn([second, newcomer]), [newcomer, second]);
});

test('who has nothing due for a while does not become a newcomer by that', (t) => {
  const slots = makeAttemptSlots(() => false);
  const [a, b] = [webhook(1), webhook(2)];
  slots.take(1, a);
  slots.take(2, b);
  slots.take(3, a);
  t.deepEqual(slots.inTurn([a]), [a]);
  t.deepEqual(slots.inTurn([]), []);
  t.deepEqual(slots.inTurn([a, b]), [b, a]);
});

test('with one slot for all, nobody waits longer than a turn of everybody else', (t) => {
  const ids = fc.uniqueArray(fc.integer({ min: 1, max: 999 }), { minLength: 1, maxLength: 8 });
  t.notThrows(() =>
    fc.assert(
      fc.property(ids, (all) => {
        const slots = makeAttemptSlots(() => false, { ...slotLimits, ofWebhook: 1, ofUser: 1, ofProcess: 1 });
        const served = Array.from({ length: all.length * 3 }, (_, turn) => {
          const [next] = slots.inTurn(all.map((id) => webhook(id)));
          slots.take(turn, next ?? webhook(1_000));
          slots.free(turn);
          return next?.id;
        });
        return served.every(
          (_, turn) =>
            turn + all.length > served.length ||
            new Set(served.slice(turn, turn + all.length)).size === all.length,
        );
      }),
    ),
  );
});
