import { deepStrictEqual } from 'node:assert';
import test from 'ava';
import fc from 'fast-check';
import { auditBalances, auditBooks } from '../../ledger/support/audit.js';
import { makeModel } from './support/model.js';
import { anyCommands, type Stage } from './support/play.js';
import { makeWorld } from './support/world.js';

function pureStage(): Stage {
  const world = makeWorld();
  return {
    idOf: world.idOf,
    tellTime(model) {
      model.machineNow = world.clock.machine + 1;
      model.now = world.clock.serviceNext;
    },
    async do(act) {
      const { status, json, isReplay } = world.do(act);
      return { status, text: json === 'null' ? '' : json, isReplay };
    },
    async setFrozen(name, isFrozen) {
      world.setStatus(name, isFrozen ? 'frozen' : 'active');
    },
    wait(micros, ahead) {
      world.clock.machine += micros;
      world.clock.ahead = ahead;
    },
    tables: async () => world.tables,
    audit: (tables) => deepStrictEqual(auditBalances(tables), []),
  };
}

/** Each of these must have been met, or the acts are not random enough to say anything; the rarest is met ten times on average. */
const allKinds = [
  ...['pay accepted', 'pay ACCOUNT_FROZEN', 'pay RECIPIENT_UNAVAILABLE', 'pay INVALID_AMOUNT'],
  ...['pay INSUFFICIENT_FUNDS', 'pay POSSIBLE_DUPLICATE', 'ask accepted', 'ask ACCOUNT_FROZEN'],
  ...['ask RECIPIENT_UNAVAILABLE', 'ask INVALID_AMOUNT', 'ask VALIDATION_FAILED', 'accept accepted'],
  ...['accept NOT_FOUND', 'accept NOT_YOUR_REQUEST', 'accept REQUEST_CLOSED', 'accept ACCOUNT_FROZEN'],
  ...['accept RECIPIENT_UNAVAILABLE', 'accept RATE_CHANGED', 'accept INSUFFICIENT_FUNDS'],
  ...['decline accepted', 'decline NOT_FOUND', 'decline NOT_YOUR_REQUEST', 'decline REQUEST_CLOSED'],
  ...['cancel accepted', 'cancel NOT_FOUND', 'cancel NOT_YOUR_REQUEST', 'cancel REQUEST_CLOSED'],
  ...['remind accepted', 'remind REQUEST_CLOSED', 'remind RATE_LIMITED', 'remind RECIPIENT_UNAVAILABLE'],
  ...['remind ACCOUNT_FROZEN', 'expire accepted', 'refund accepted', 'refund NOT_FOUND'],
  ...['refund NOT_REFUNDABLE', 'refund REFUND_TOO_LARGE', 'refund ACCOUNT_FROZEN'],
  ...['ask POSSIBLE_DUPLICATE', 'refund POSSIBLE_DUPLICATE'],
  ...['refund INSUFFICIENT_FUNDS', 'block accepted', 'unblock accepted', 'replay'],
];

test('in random interleavings of all acts the pure rules do as the model says, and the books are sound', async (t) => {
  t.timeout(120_000);
  const seen = new Map<string, number>();
  let expired = 0;
  const holds = fc.asyncProperty(anyCommands(true, 80), async (commands) => {
    const stage = pureStage();
    const model = makeModel(0);
    await fc.asyncModelRun(() => ({ model, real: { stage, keyed: [], seen } }), commands);
    deepStrictEqual(auditBooks(await stage.tables()), []);
    expired += model.requests.filter(({ status }) => status === 'expired').length;
  });
  await t.notThrowsAsync(fc.assert(holds, { numRuns: 1_000, includeErrorInReport: true }));
  for (const kind of allKinds) {
    t.true((seen.get(kind) ?? 0) >= 1, `${kind}: ${seen.get(kind)}`);
  }
  t.true(expired >= 5, `expired: ${expired}`);
});
