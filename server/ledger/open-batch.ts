import type { Database, Transaction } from '../../db/connect.js';
import type { Clock } from '../clock.js';
import { Refusal } from '../errors.js';
import type { Book, TableChanges } from './book/book.js';
import { type BatchMoment, decideBatch, isFullBatch, missingReads, type Outcome } from './decide-batch.js';
import { loadBook } from './load.js';
import type { LedgerMeter } from './measure.js';
import type { Decision, Rules } from './rule.js';
import { clockUnavailable, settleTime } from './settle-time.js';

export interface DecidingParts {
  readonly rules: Rules;
  /** Asks the timestamp service, in microseconds since 1970. */
  readonly askTime: () => Promise<number>;
  readonly machineMicros: Clock;
  /** Told what there is to measure. */
  readonly meter?: Omit<LedgerMeter, 'take'>;
}

/** A batch that decisions are added to until it is written. */
export interface OpenBatch {
  /** Asks for the time where one of these needs it and it was not asked yet. */
  prepare(decisions: readonly Decision[]): Promise<void>;
  /**
   * Decides the first of these, at least one unless a decision before them keeps it for the next batch, and gives their
   * outcomes. Those that were found ready need not be asked again what they read.
   */
  add(
    database: Database | Transaction,
    decisions: readonly Decision[],
    ready?: ReadonlySet<Decision>,
  ): Promise<readonly Outcome[]>;
  changes(): readonly TableChanges[];
  /** Whether so much was decided that the rest belongs to the next batch. */
  readonly isFull: boolean;
  /** Whether one of its decisions waits for the write lock even where nothing is written. */
  readonly needsTurn: boolean;
  /** The time that its payments carry; undefined where none was needed, or there was none. */
  readonly micros: number | undefined;
}

async function askFor({ askTime, meter }: DecidingParts): Promise<number | Refusal> {
  meter?.noteTimeCall();
  try {
    return await askTime();
  } catch {
    meter?.noteTimeFailure();
    return clockUnavailable('The timestamp service does not answer.');
  }
}

const needsTime = ({ rules }: DecidingParts, decisions: readonly Decision[]): boolean =>
  decisions.some((decision) => rules[decision.rule]?.needsTime === true);

/** What the timestamp service answers to whoever asks before a batch is begun; undefined where none of these needs its time. */
export type AskedAhead = Promise<number | Refusal> | undefined;

/** Asks for the time ahead of the batch that these decisions are for, where one of them needs it. */
export const askAhead = (parts: DecidingParts, decisions: readonly Decision[]): AskedAhead =>
  needsTime(parts, decisions) ? askFor(parts) : undefined;

/** The time that payments carry from what the service answered; a refusal where that cannot be. */
async function serviceMicros(
  parts: DecidingParts,
  newestMicros: number,
  ahead: AskedAhead,
): Promise<number | Refusal> {
  const answered = await (ahead ?? askFor(parts));
  if (answered instanceof Refusal) {
    return answered;
  }
  try {
    return settleTime(answered, newestMicros, parts.machineMicros());
  } catch (error) {
    if (error instanceof Refusal) {
      parts.meter?.noteTimeFailure();
      return error;
    }
    throw error;
  }
}

/** Made once, since an error takes its time. */
const noTime = clockUnavailable('The timestamp service was not asked.');

/**
 * Whether a decision finds in the book all that it reads, as it is by now: to look takes time, which is there before the batch
 * that it is for may begin.
 */
export function isReady({ rules, machineMicros }: DecidingParts, book: Book, decision: Decision): boolean {
  const machineNow = machineMicros();
  const at = { service: noTime, machine: { now: machineNow, machineNow } };
  try {
    return missingReads(book, rules, decision, at).length === 0;
  } catch {
    return false;
  }
}

/**
 * Begins a batch over the book. The timestamp service is asked once, when the first decision needs its time and it was not asked
 * ahead; `newestMicros` is the time of the newest payment before it.
 */
export function openBatch(
  parts: DecidingParts,
  book: Book,
  newestMicros: number,
  ahead?: AskedAhead,
): OpenBatch {
  const { rules } = parts;
  const machineNow = parts.machineMicros();
  let asked: number | Refusal | undefined;
  let needsTurn = false;

  function moment(): BatchMoment {
    const service = asked ?? noTime;
    return {
      service: service instanceof Refusal ? service : { now: service, machineNow },
      machine: { now: machineNow, machineNow },
    };
  }

  function missingOf(decision: Decision, at: BatchMoment) {
    try {
      return missingReads(book, rules, decision, at);
    } catch {
      // A rule that cannot say what it reads is told so when it is decided.
      return [];
    }
  }

  async function prepare(decisions: readonly Decision[]): Promise<void> {
    if (asked === undefined && needsTime(parts, decisions)) {
      asked = await serviceMicros(parts, newestMicros, ahead);
    }
  }

  book.beginBatch();
  return {
    prepare,
    async add(database, decisions, ready) {
      needsTurn ||= decisions.some((decision) => rules[decision.rule]?.needsTurn === true);
      await prepare(decisions);
      const at = moment();
      const decideThem = async (unready: readonly Decision[]) => {
        await loadBook(database, book, unready, (decision) => missingOf(decision, at));
        return decideBatch(book, rules, decisions, at);
      };
      const outcomes = await decideThem(
        ready ? decisions.filter((decision) => !ready.has(decision)) : decisions,
      );
      // The key of the first may have turned out to be one that must be looked up after all, or what it read to have changed.
      return outcomes.length > 0 ? outcomes : decideThem(decisions);
    },
    changes: () => book.changes(),
    get isFull() {
      return isFullBatch(book);
    },
    get needsTurn() {
      return needsTurn;
    },
    get micros() {
      return asked instanceof Refusal ? undefined : asked;
    },
  };
}
