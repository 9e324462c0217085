import type { Database, Transaction } from '../../db/connect.js';
import type { ChainHeadRow } from '../../db/rows.js';
import { StorageFailure, transact } from '../../db/transact.js';
import type { Clock } from '../clock.js';
import { Refusal } from '../errors.js';
import { idsOf } from '../ids.js';
import { Book, type TableChanges } from './book.js';
import { type BatchMoment, decideBatch, type Outcome, outcomeOfError, ruleOf } from './decide-batch.js';
import { loadBook } from './load.js';
import type { LedgerMeter } from './measure.js';
import {
  openChains,
  openSystemAccounts,
  persist,
  readNewestIdMicros,
  readNewestPaymentMicros,
  readOthersMicros,
} from './persist.js';
import type { Decision, Rules } from './rule.js';
import { clockUnavailable, settleTime } from './settle-time.js';

/** More would make those at the front wait for the last without sparing a sync that matters. */
const largestBatch = 512;

export interface LedgerParts {
  readonly writer: Database;
  readonly rules: Rules;
  /** Asks the timestamp service, in microseconds since 1970. */
  readonly askTime: () => Promise<number>;
  readonly machineMicros: Clock;
  /** The currencies that money can be kept in. */
  readonly currencies: readonly string[];
  /** Which chain of payments this writer continues. */
  readonly chain: number;
  /** Called after each commit with what it has written. */
  readonly onCommitted?: (changes: readonly TableChanges[]) => void;
  /** Told what there is to measure. */
  readonly meter?: Omit<LedgerMeter, 'take'>;
  /** Called once, when the database may or may not have kept what was written: nothing more is decided. */
  readonly onBroken: (error: Error) => void;
}

export interface Ledger {
  /** Decides, and gives the outcome once it is durable. */
  decide(decision: Decision): Promise<Outcome>;
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
}

interface Waiting {
  readonly decision: Decision;
  readonly answer: (outcome: Outcome) => void;
}

interface Batch {
  readonly moment: BatchMoment;
  readonly outcomes: readonly Outcome[];
  readonly changes: readonly TableChanges[];
  readonly heads: readonly ChainHeadRow[];
}

const storageUnavailable = (isOutcomeUnknown: boolean) =>
  new Refusal(
    'STORAGE_UNAVAILABLE',
    isOutcomeUnknown
      ? 'The database failed while it saved this. Whether it was saved is unknown: repeat it with the same Idempotency-Key, if it had one.'
      : 'The database cannot save anything now; nothing was changed. Repeat it with the same Idempotency-Key, if it had one.',
    { retryAfterSeconds: 5 },
  );

/** Where the books stand when a writer comes to them; what it needs and is not there yet is made. */
async function open(trx: Transaction, { currencies, chain }: LedgerParts) {
  await openSystemAccounts(trx, currencies);
  const heads = await openChains(trx, chain);
  return {
    heads,
    newestMicros: await readNewestPaymentMicros(trx),
    // Ids sort as they were committed, whichever clock their batch went by: whoever reads on from one misses nothing.
    newestIdMicros: await readNewestIdMicros(trx),
    othersMicros: await readOthersMicros(trx, chain),
  };
}

/**
 * Group commit: whatever arrived while the previous commit was syncing is decided together, over one book, with one
 * call to the timestamp service, in one transaction. Throws when the database cannot be read.
 */
export async function openLedger(parts: LedgerParts): Promise<Ledger> {
  const { writer, rules, machineMicros } = parts;
  let { heads, newestMicros, newestIdMicros, othersMicros } = await transact(writer, (trx) =>
    open(trx, parts),
  );
  let isBroken = false;
  let running: Promise<void> | undefined;
  const queue: Waiting[] = [];

  async function askFor(decisions: readonly Decision[]): Promise<number | Refusal> {
    if (!decisions.some((decision) => ruleOf(rules, decision).needsTime)) {
      return clockUnavailable('The timestamp service was not asked.');
    }
    parts.meter?.noteTimeCall();
    try {
      return await parts.askTime();
    } catch {
      parts.meter?.noteTimeFailure();
      return clockUnavailable('The timestamp service does not answer.');
    }
  }

  /** Another writer may have committed since the last batch: times and ids go on from there. */
  async function followOthers(trx: Transaction): Promise<void> {
    const micros = await readOthersMicros(trx, parts.chain);
    if (micros !== othersMicros) {
      othersMicros = micros;
      newestMicros = await readNewestPaymentMicros(trx);
      newestIdMicros = Math.max(newestIdMicros, await readNewestIdMicros(trx));
    }
  }

  function serviceTime(answered: number | Refusal): number | Refusal {
    if (answered instanceof Refusal) {
      return answered;
    }
    try {
      return settleTime(answered, newestMicros, machineMicros());
    } catch (error) {
      if (error instanceof Refusal) {
        parts.meter?.noteTimeFailure();
        return error;
      }
      throw error;
    }
  }

  function momentOf(answered: number | Refusal): BatchMoment {
    const service = serviceTime(answered);
    const machineNow = machineMicros();
    newestIdMicros = Math.max(service instanceof Refusal ? machineNow : service, newestIdMicros + 1);
    const common = { machineNow, newId: idsOf(newestIdMicros) };
    return {
      service: service instanceof Refusal ? service : { now: service, ...common },
      machine: { now: machineNow, ...common },
    };
  }

  async function work(
    trx: Transaction,
    decisions: readonly Decision[],
    answered: number | Refusal,
  ): Promise<Batch> {
    await followOthers(trx);
    const moment = momentOf(answered);
    const book = new Book(heads);
    await loadBook(trx, book, rules, decisions, moment);
    const outcomes = decideBatch(book, rules, decisions, moment);
    const changes = book.changes();
    await persist(trx, changes);
    return { moment, outcomes, changes, heads: [book.head('payments'), book.head('audit')] };
  }

  /** The outcomes of the first of the decisions, at least one, durable. */
  async function commit(decisions: readonly Decision[]): Promise<readonly Outcome[]> {
    const answered = await askFor(decisions);
    const startedAtMs = performance.now();
    const batch = await transact(writer, (trx) => work(trx, decisions, answered));
    const seconds = (performance.now() - startedAtMs) / 1000;
    parts.meter?.noteBatch({ decisions: batch.outcomes.length, seconds }, batch.changes);
    const { service } = batch.moment;
    heads = batch.heads;
    // A time that nothing carries, such as a dry run's, binds no later one.
    if (batch.changes.length > 0 && !(service instanceof Refusal)) {
      newestMicros = service.now;
    }
    parts.onCommitted?.(batch.changes);
    return batch.outcomes;
  }

  /** What a batch answers that could not be written. One decision that the database refuses must not take others along. */
  async function recover(decisions: readonly Decision[], error: unknown): Promise<readonly Outcome[]> {
    const isUnknown = error instanceof StorageFailure && error.isOutcomeUnknown;
    if (isUnknown || (error instanceof StorageFailure && error.fault === 'broken')) {
      isBroken = true;
      parts.onBroken(error);
    }
    if (error instanceof StorageFailure && error.fault !== 'constraint') {
      const refusal = storageUnavailable(isUnknown);
      return decisions.map(({ caller }) => ({
        ...outcomeOfError(refusal, caller.requestId),
        fault: error.message,
        storageFault: error.fault,
      }));
    }
    const [first, ...others] = decisions;
    if (first && others.length === 0) {
      return [outcomeOfError(error, first.caller.requestId)];
    }
    const outcomes: Outcome[] = [];
    for (const decision of decisions) {
      outcomes.push(...(await commitOrRecover([decision])));
    }
    return outcomes;
  }

  async function commitOrRecover(decisions: readonly Decision[]): Promise<readonly Outcome[]> {
    if (isBroken) {
      const refusal = storageUnavailable(false);
      return decisions.map(({ caller }) => outcomeOfError(refusal, caller.requestId));
    }
    try {
      return await commit(decisions);
    } catch (error) {
      return recover(decisions, error);
    }
  }

  async function run(): Promise<void> {
    while (queue.length > 0) {
      const batch = queue.slice(0, largestBatch);
      const outcomes = await commitOrRecover(batch.map(({ decision }) => decision));
      queue.splice(0, outcomes.length);
      for (const [index, outcome] of outcomes.entries()) {
        batch[index]?.answer(outcome);
      }
    }
    running = undefined;
  }

  return {
    decide: (decision) =>
      new Promise((answer) => {
        queue.push({ decision, answer });
        running ??= run();
      }),
    settled: async () => running,
  };
}
