import type { ExecutionContext } from 'ava';
import type { ErrorCode } from '../../../../server/errors.js';
import type { Outcome } from '../../../../server/ledger/outcome.js';
import { auditBooks } from '../../../ledger/support/audit.js';
import { codeOf } from '../../../ledger/support/outcomes.js';
import type { Office, Order } from './office.js';

/** All rows but the keys, under which refusals are remembered. */
function rowsOf({ tables }: Office): object {
  const { idempotency_keys: _, ...rest } = tables;
  return structuredClone(rest);
}

/** Sees that an order is refused with this code and that every row is as it was before. */
export function isRefused(t: ExecutionContext, office: Office, order: Order, code: ErrorCode): Outcome {
  const before = rowsOf(office);
  const outcome = office.do(order);
  t.is(codeOf(outcome), code, outcome.json);
  t.deepEqual(rowsOf(office), before);
  t.deepEqual(auditBooks(office.tables), []);
  return outcome;
}
