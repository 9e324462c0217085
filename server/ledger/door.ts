import { Worker, type WorkerOptions } from 'node:worker_threads';
import { Refusal } from '../errors.js';
import type { LedgerMeasure } from './measure.js';
import { type FromThread, packDecision, type ToThread, unpackAnswer } from './messages.js';
import { type Numbered, Outbox } from './outbox.js';
import type { Outcome } from './outcome.js';
import { type DecisionShares, PendingDecisions } from './pending-decisions.js';
import type { Decision } from './rule.js';

export interface DoorOptions {
  /** The thread's entry file, and what it is given. */
  readonly entry: URL;
  readonly workerData: WorkerOptions['workerData'];
  /** Told of what commits have changed, before the answers to those who changed it. */
  readonly onNotice?: (notice: unknown) => void;
  /** Told what the ledger has done, with the answers. */
  readonly onMeasure?: (measure: LedgerMeasure) => void;
  /** Told what went wrong inside when a decision was answered with a mistake of ours or of the database. */
  readonly onFault?: (fault: string, decision: Decision) => void;
  /** Told of a mistake of ours for which a batch was given up; its decisions were made again. */
  readonly onMistake?: (fault: string) => void;
  readonly shares: DecisionShares;
}

export interface LedgerDoor {
  /**
   * Decides in the ledger's thread and gives the outcome once it is durable. Throws RATE_LIMITED when too many of the user or of
   * the caller's network wait, OVERLOADED when too many of all do, STORAGE_UNAVAILABLE when the ledger has stopped.
   */
  decide(decision: Decision): Promise<Outcome>;
  /** How many decisions are under way. */
  readonly waiting: number;
  /** Resolves with the reason when the ledger has stopped by itself: the process must end, a restart settles what is true. */
  readonly broken: Promise<string>;
  /** Lets what is under way finish, closes the database and ends the thread. */
  close(): Promise<void>;
}

const stopped = () =>
  new Refusal(
    'STORAGE_UNAVAILABLE',
    'The ledger has stopped. Whether this was done is unknown: repeat it when the server is back, with the same Idempotency-Key if it had one.',
    { retryAfterSeconds: 5, tellsOutcome: true },
  );

/** The way into a thread that serves a ledger. */
class ThreadDoor implements LedgerDoor {
  readonly #thread: Worker;
  readonly #ears: Pick<DoorOptions, 'onNotice' | 'onMeasure' | 'onFault' | 'onMistake'>;
  readonly #outbox = new Outbox((gathered) => this.#send(gathered));
  readonly #pending: PendingDecisions;
  readonly #ended: Promise<void>;
  #hasStopped = false;
  #isClosing = false;
  #reportBroken: (reason: string) => void = () => {};
  readonly broken = new Promise<string>((resolve) => {
    this.#reportBroken = resolve;
  });
  /** Resolves when the thread has opened the books; rejects when it cannot. */
  readonly opened: Promise<void>;

  constructor(thread: Worker, { shares, ...ears }: Omit<DoorOptions, 'entry' | 'workerData'>) {
    this.#thread = thread;
    this.#ears = ears;
    this.#pending = new PendingDecisions(shares, (number, decision) => this.#outbox.put(number, decision));
    this.#ended = this.#end();
    this.opened = this.#open();
  }

  get waiting(): number {
    return this.#pending.size;
  }

  async decide(decision: Decision): Promise<Outcome> {
    if (this.#hasStopped || this.#isClosing) {
      throw stopped();
    }
    const network = this.#pending.admit(decision);
    return new Promise<Outcome>((resolve, reject) => this.#pending.add(decision, network, resolve, reject));
  }

  async close(): Promise<void> {
    if (!this.#isClosing) {
      this.#isClosing = true;
      this.#pending.letAllGo();
      setImmediate(() => this.#tell({ close: true }));
    }
    await this.#ended;
  }

  #end(): Promise<void> {
    return new Promise((resolve) => {
      this.#thread.once('exit', (status) => {
        this.#stop(`the ledger's thread ended with status ${status}`);
        resolve();
      });
    });
  }

  #open(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#thread.once('exit', () => reject(new Error("the ledger's thread ended before it was ready")));
      this.#thread.on('error', (error) => {
        this.#stop(error.message);
        reject(error);
      });
      this.#thread.on('message', (message: FromThread) => {
        if ('answers' in message) {
          this.#answer(message);
        } else if ('ready' in message) {
          resolve();
        } else if ('mistake' in message) {
          this.#ears.onMistake?.(message.mistake);
        } else if ('broken' in message) {
          this.#hasStopped = true;
          this.#reportBroken(message.broken);
        } else {
          this.#stop(message.failed);
          reject(Object.assign(new Error(message.failed), { code: message.code }));
        }
      });
    });
  }

  #answer({ measure, notices, answers }: Extract<FromThread, { answers: unknown }>): void {
    if (measure) {
      this.#ears.onMeasure?.(measure);
    }
    for (const notice of notices) {
      this.#ears.onNotice?.(notice);
    }
    for (const packed of answers) {
      const { number, outcome } = unpackAnswer(packed);
      const asked = this.#pending.at(number);
      if (asked === undefined) {
        continue;
      }
      if (outcome.fault !== null) {
        this.#ears.onFault?.(outcome.fault, asked.decision);
      }
      this.#pending.remove(number, asked.decision);
      asked.resolve(outcome);
    }
  }

  #stop(reason: string): void {
    this.#hasStopped = true;
    for (const { reject } of this.#pending.clear()) {
      reject(stopped());
    }
    if (!this.#isClosing) {
      this.#reportBroken(reason);
    }
  }

  #tell(message: ToThread): void {
    this.#thread.postMessage(message);
  }

  /** Sends decisions; of those that hold what cannot travel to another thread each is rejected alone. */
  #send(numbered: readonly Numbered[]): void {
    try {
      this.#tell({ decide: numbered.map(({ number, decision }) => packDecision(number, decision)) });
    } catch (error) {
      const [first, ...others] = numbered;
      if (first && others.length === 0) {
        this.#pending.at(first.number)?.reject(error);
        this.#pending.remove(first.number, first.decision);
        return;
      }
      for (const one of numbered) {
        this.#send([one]);
      }
    }
  }
}

/** Starts the ledger's thread and gives the way into it. Throws when the thread cannot open the books. */
export async function openDoor({ entry, workerData, ...rest }: DoorOptions): Promise<LedgerDoor> {
  const door = new ThreadDoor(new Worker(entry, { workerData }), rest);
  await door.opened;
  return door;
}
