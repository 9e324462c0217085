import type { ExecutionContext } from 'ava';
import type { ErrorCode } from '../../../../server/errors.js';
import type { Outcome } from '../../../../server/ledger/outcome.js';
import type { Decision } from '../../../../server/ledger/rule.js';
import { auditBooks } from '../../../ledger/support/audit.js';
import { codeOf } from '../../../ledger/support/outcomes.js';
import type { Act, PayoutAct } from './act.js';
import type { World } from './world.js';

/** All rows but the keys, under which refusals are remembered. */
function rowsOf({ tables }: World): object {
  const { idempotency_keys: _, ...rest } = tables;
  return structuredClone(rest);
}

/** Sees that an act is refused with this code and that every row is as it was before. */
export function isRefused(
  t: ExecutionContext,
  world: World,
  act: Act | PayoutAct,
  code: ErrorCode,
  rest: Partial<Decision> = {},
): Outcome {
  const before = rowsOf(world);
  const outcome = world.do(act, rest);
  t.is(codeOf(outcome), code, outcome.json);
  t.deepEqual(rowsOf(world), before);
  t.deepEqual(auditBooks(world.tables), []);
  return outcome;
}
