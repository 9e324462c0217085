import type { PaymentRow } from '../../db/tables/payments.js';
import type { TableChanges } from './book/table-changes.js';

/** One committed batch. */
export interface BatchMeasure {
  readonly decisions: number;
  /** The time of its transaction, from the beginning until it was synced to disk. */
  readonly seconds: number;
}

/** The number of payments of a kind in the currency that was sent. */
export interface PaymentCount {
  readonly kind: PaymentRow['kind'];
  readonly currency: string;
  readonly count: number;
}

/** The work of the ledger since it was last asked. */
export interface LedgerMeasure {
  readonly batches: readonly BatchMeasure[];
  readonly payments: readonly PaymentCount[];
  /** How often the timestamp service was asked, and how often it gave no time that could be used. */
  readonly timeCalls: number;
  readonly timeFailures: number;
}

/** Gathers what the ledger does until somebody asks for it. */
export interface LedgerMeter {
  noteTimeCall(): void;
  noteTimeFailure(): void;
  noteBatch(batch: BatchMeasure, changes: readonly TableChanges[]): void;
  /** All measures since the last time; undefined where nothing happened. */
  take(): LedgerMeasure | undefined;
}

const none: LedgerMeasure = { batches: [], payments: [], timeCalls: 0, timeFailures: 0 };

function countPayments(changes: readonly TableChanges[]): readonly PaymentCount[] {
  const counts = new Map<string, PaymentCount>();
  const made = changes.find(({ table }) => table === 'payments')?.inserted ?? [];
  for (const { kind, sent_currency: currency } of made as readonly PaymentRow[]) {
    const label = `${kind} ${currency}`;
    counts.set(label, { kind, currency, count: (counts.get(label)?.count ?? 0) + 1 });
  }
  return [...counts.values()];
}

export function makeLedgerMeter(): LedgerMeter {
  let measure = none;
  return {
    noteTimeCall() {
      measure = { ...measure, timeCalls: measure.timeCalls + 1 };
    },
    noteTimeFailure() {
      measure = { ...measure, timeFailures: measure.timeFailures + 1 };
    },
    noteBatch(batch, changes) {
      const batches = [...measure.batches, batch];
      measure = { ...measure, batches, payments: [...measure.payments, ...countPayments(changes)] };
    },
    take() {
      const taken = measure;
      measure = none;
      return taken === none ? undefined : taken;
    },
  };
}
