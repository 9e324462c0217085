import { deepStrictEqual } from 'node:assert';
import test from 'ava';
import fc from 'fast-check';
import { serverForFile } from '../../api/support/api-server.js';
import { auditBooks } from '../../ledger/support/audit.js';
import { makeApiStage } from './support/api-stage.js';
import { makeModel } from './support/model.js';
import { anyCommands } from './support/play.js';

const server = serverForFile(test, { environment: { PAY_REQUESTS_CHECK_FUNDS: 'false' } });

test('in random interleavings of all acts a server does as the model says, and the books are sound', async (t) => {
  t.timeout(120_000);
  const seen = new Map<string, number>();
  const holds = fc.asyncProperty(anyCommands(false, 120), async (commands) => {
    const stage = await makeApiStage(server());
    await fc.asyncModelRun(() => ({ model: makeModel(0), real: { stage, keyed: [], seen } }), commands);
    // What is written is never changed, so that a fault of any act is still there.
    deepStrictEqual(auditBooks(await stage.tables()), []);
  });
  const parameters = { numRuns: 6, endOnFailure: true, includeErrorInReport: true };
  await t.notThrowsAsync(fc.assert(holds, parameters));
  // So few runs do not always meet the rarest.
  const accepted = [...seen.keys()].filter((kind) => kind.endsWith(' accepted'));
  t.true(accepted.length >= 7, JSON.stringify([...seen]));
  t.true((seen.get('replay') ?? 0) >= 1);
});
