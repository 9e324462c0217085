import { Worker, type WorkerOptions } from 'node:worker_threads';
import { Refusal } from '../errors.js';
import { networkOf } from '../network.js';
import { ofOneNetwork, type ShareTable } from '../rate-figures.js';
import { Slots } from '../slots.js';
import { makeTally } from '../tally.js';
import type { Outcome } from './decide-batch.js';
import type { LedgerMeasure } from './measure.js';
import { type FromThread, packDecision, type ToThread, unpackAnswer } from './messages.js';
import type { Decision } from './rule.js';
import { Turns } from './turns.js';

/**
 * Decisions that travel in one message: what arrives in one turn of the event loop, but so many at most. Under load one
 * turn answers every connection, and the ledger would wait for all of that.
 */
const mostGathered = 8;

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
  /** How many decisions may be with the ledger, and how many wait for their turn. */
  readonly shares: Pick<ShareTable, 'decisions' | 'decisionsWaiting'>;
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

interface Waiting {
  readonly decision: Decision;
  /** Counts it out of those of its network. */
  readonly leaveNetwork: () => void;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

/** Nothing was done of what is refused so: the same may be asked for again under the same key. */
const tooMuch = (code: 'OVERLOADED' | 'RATE_LIMITED', why: string) =>
  new Refusal(
    code,
    `${why}; nothing was done. Repeat it in a moment, with the same Idempotency-Key if it had one.`,
    { retryAfterSeconds: 1, tellsOutcome: true },
  );

const stopped = () =>
  new Refusal(
    'STORAGE_UNAVAILABLE',
    'The ledger has stopped. Whether this was done is unknown: repeat it when the server is back, with the same Idempotency-Key if it had one.',
    { retryAfterSeconds: 5, tellsOutcome: true },
  );

/** Starts the ledger's thread and gives the way into it. Throws when the thread cannot open the books. */
export async function openDoor({
  entry,
  workerData,
  onNotice,
  onMeasure,
  onFault,
  onMistake,
  shares: { decisions, decisionsWaiting },
}: DoorOptions): Promise<LedgerDoor> {
  const thread = new Worker(entry, { workerData });
  /** A decision travels with the number of its slot. */
  const waiting = new Slots<Waiting>();
  const ofNetworks = makeTally();
  const turns = new Turns(decisions.ofOne, decisionsWaiting.ofOne);
  let outbox: { number: number; decision: Decision }[] = [];
  let hasStopped = false;
  let isClosing = false;

  let reportBroken: (reason: string) => void = () => {};
  const broken = new Promise<string>((resolve) => {
    reportBroken = resolve;
  });

  function stop(reason: string): void {
    hasStopped = true;
    const left = waiting.values();
    waiting.clear();
    for (const { reject } of left) {
      reject(stopped());
    }
    if (!isClosing) {
      reportBroken(reason);
    }
  }

  function answer(message: Extract<FromThread, { answers: unknown }>): void {
    if (message.measure) {
      onMeasure?.(message.measure);
    }
    for (const notice of message.notices) {
      onNotice?.(notice);
    }
    for (const packed of message.answers) {
      const { number, outcome } = unpackAnswer(packed);
      const asked = waiting.at(number);
      if (asked === undefined) {
        continue;
      }
      if (outcome.fault !== null) {
        onFault?.(outcome.fault, asked.decision);
      }
      leave(number, asked.decision);
      asked.resolve(outcome);
    }
  }

  const ended = new Promise<void>((resolve) => {
    thread.once('exit', (status) => {
      stop(`the ledger's thread ended with status ${status}`);
      resolve();
    });
  });

  await new Promise<void>((resolve, reject) => {
    thread.once('exit', () => reject(new Error("the ledger's thread ended before it was ready")));
    thread.on('error', (error) => {
      stop(error.message);
      reject(error);
    });
    thread.on('message', (message: FromThread) => {
      if ('answers' in message) {
        answer(message);
      } else if ('ready' in message) {
        resolve();
      } else if ('mistake' in message) {
        onMistake?.(message.mistake);
      } else if ('broken' in message) {
        hasStopped = true;
        reportBroken(message.broken);
      } else {
        stop(message.failed);
        reject(Object.assign(new Error(message.failed), { code: message.code }));
      }
    });
  });

  const tell = (message: ToThread) => thread.postMessage(message);

  /** Sends decisions; of those that hold what cannot travel to another thread each is rejected alone. */
  function send(numbered: typeof outbox): void {
    try {
      tell({ decide: numbered.map(({ number, decision }) => packDecision(number, decision)) });
    } catch (error) {
      const [first, ...others] = numbered;
      if (first && others.length === 0) {
        waiting.at(first.number)?.reject(error);
        leave(first.number, first.decision);
        return;
      }
      for (const one of numbered) {
        send([one]);
      }
    }
  }

  function flush(): void {
    const numbered = outbox;
    outbox = [];
    if (numbered.length > 0) {
      send(numbered);
    }
  }

  function put(number: number, decision: Decision): void {
    const gathered = outbox.push({ number, decision });
    if (gathered === mostGathered) {
      flush();
    } else if (gathered === 1) {
      setImmediate(flush);
    }
  }

  /** Empties the slot of what has been decided; the next of the same user goes in its place. */
  function leave(number: number, { caller: { userId } }: Decision): void {
    waiting.at(number)?.leaveNetwork();
    waiting.free(number);
    const next = userId === null ? undefined : turns.giveBack(userId);
    const asked = next === undefined ? undefined : waiting.at(next);
    if (next !== undefined && asked !== undefined) {
      put(next, asked.decision);
    }
  }

  return {
    broken,
    get waiting() {
      return waiting.size;
    },
    async decide(decision) {
      if (hasStopped || isClosing) {
        throw stopped();
      }
      const { userId } = decision.caller;
      if (waiting.size >= decisionsWaiting.inAll) {
        throw tooMuch('OVERLOADED', 'The server has too much to do');
      }
      if (userId !== null && turns.isFull(userId)) {
        throw tooMuch('RATE_LIMITED', 'Too many of your requests wait already');
      }
      const network = networkOf(decision.caller.address);
      if (ofNetworks.of(network) >= ofOneNetwork(decisionsWaiting)) {
        throw tooMuch('RATE_LIMITED', 'Too many requests from your network wait already');
      }
      return new Promise<Outcome>((resolve, reject) => {
        const number = waiting.put({ decision, leaveNetwork: ofNetworks.add(network), resolve, reject });
        if (userId === null || turns.take(userId, number)) {
          put(number, decision);
        }
      });
    },
    async close() {
      if (!isClosing) {
        isClosing = true;
        for (const number of turns.letAllGo()) {
          put(number, (waiting.at(number) as Waiting).decision);
        }
        setImmediate(() => tell({ close: true }));
      }
      await ended;
    },
  };
}
