import assert from 'node:assert/strict';
import type { Database, Transaction } from '../../../db/connect.js';
import type { Clock } from '../../clock.js';
import { Refusal } from '../../errors.js';
import type { LedgerBook } from '../book/ledger-book.js';
import type { TableChanges } from '../book/table-changes.js';
import { doubtKeys } from '../idempotency.js';
import type { LedgerMeter } from '../measure.js';
import type { Outcome } from '../outcome.js';
import type { Decision, Rules } from '../rule.js';
import { clockUnavailable, settleTime } from '../settle-time.js';
import { type BatchMoment, decideBatch, isFullBatch, missingReads } from './decide-batch.js';
import { loadBook } from './load.js';

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
   * outcomes. What they look at and the book does not know is read.
   */
  add(database: Database | Transaction, decisions: readonly Decision[]): Promise<readonly Outcome[]>;
  changes(): readonly TableChanges[];
  /** Whether so much was decided that the rest belongs to the next batch. */
  readonly isFull: boolean;
  /** Whether one of its decisions waits for the write lock even where nothing is written. */
  readonly needsTurn: boolean;
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

/**
 * The most times that what decisions read is read before the first can be decided: its key may turn out to be one that must be looked
 * up after all.
 */
const mostReadings = 2;

/** Made once, since an error takes its time. */
const noTime = clockUnavailable('The timestamp service was not asked.');

/**
 * Begins a batch over the book. The timestamp service is asked once, when the first decision needs its time and it was not asked
 * ahead; `newestMicros` is the time of the newest payment before it.
 */
export function openBatch(
  parts: DecidingParts,
  book: LedgerBook,
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
    async add(database, decisions) {
      needsTurn ||= decisions.some((decision) => rules[decision.rule]?.needsTurn === true);
      await prepare(decisions);
      const at = moment();
      const outcomes: Outcome[] = [];
      const left = () => decisions.slice(outcomes.length);
      const decideThem = () => void outcomes.push(...decideBatch(book, rules, left(), at));
      const isOver = () => outcomes.length === decisions.length || isFullBatch(book);
      // Nearly always the book knows all that they look at. Where it does not, what all that are left read is read together.
      decideThem();
      for (let reading = 0; !isOver() && (reading === 0 || outcomes.length === 0); reading += 1) {
        assert(reading < mostReadings, 'The first of a batch can be decided by what it reads.');
        doubtKeys(book, left());
        await loadBook(database, book, left(), (decision) => missingOf(decision, at));
        decideThem();
      }
      return outcomes;
    },
    changes: () => book.changes(),
    get isFull() {
      return isFullBatch(book);
    },
    get needsTurn() {
      return needsTurn;
    },
  };
}
