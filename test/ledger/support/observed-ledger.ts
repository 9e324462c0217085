import type { ExecutionContext } from 'ava';
import type { Database } from '../../../db/connect.js';
import { machineMicros } from '../../../server/clock.js';
import { rules } from '../../../server/compose/rules.js';
import type { EventHub } from '../../../server/features/events/hub.js';
import { noticeOf } from '../../../server/features/events/notice.js';
import { openLedger } from '../../../server/ledger/commit/group-commit.js';
import type { Ledger } from '../../../server/ledger/ledger.js';
import type { Rules } from '../../../server/ledger/rule.js';
import { builtInRates } from '../../../server/money/rate-table.js';

/** A real ledger whose commits the hub tells of, as those of a server's; the test fails where it breaks down. */
export function openObservedLedger(
  t: ExecutionContext<unknown>,
  writer: Database,
  hub: EventHub,
  { now = machineMicros, more = {} }: { readonly now?: () => number; readonly more?: Rules } = {},
): Promise<Ledger> {
  return openLedger({
    writer,
    rules: { ...rules, ...more },
    askTime: async () => now(),
    machineMicros: now,
    rates: builtInRates,
    chain: 1,
    onCommitted(changes) {
      const notice = noticeOf(changes);
      if (notice) {
        hub.publish(notice);
      }
    },
    onBroken: (error) => t.fail(error.message),
  });
}
