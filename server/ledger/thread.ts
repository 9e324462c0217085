import type { MessagePort } from 'node:worker_threads';
import type { Ledger } from './ledger.js';
import type { LedgerMeasure } from './measure.js';
import {
  type AnswerOnTheWay,
  type DecisionOnTheWay,
  type FromThread,
  packAnswer,
  type ToThread,
  unpackDecision,
} from './messages.js';

export interface ThreadParts {
  readonly port: MessagePort;
  readonly open: (tell: {
    /** Called when the ledger has stopped by itself. */
    readonly onBroken: (error: Error) => void;
    /** Tells the other end of a mistake of ours for which a batch was given up. */
    readonly onMistake: (error: Error) => void;
    /** Passes a notice of a commit on to the other end. */
    readonly onNotice: (notice: unknown) => void;
  }) => Promise<Ledger>;
  /** What the ledger has done since it was last asked; travels with the answers. */
  readonly takeMeasure?: () => LedgerMeasure | undefined;
  /** Closes what the ledger worked on; a thread that ends while the database works in it would abort the process. */
  readonly close: () => Promise<void>;
}

/** Serves a ledger to the thread at the other end of the port. No rejection goes unhandled here. */
export async function serveLedger({ port, open, takeMeasure, close }: ThreadParts): Promise<void> {
  const tell = (message: FromThread) => port.postMessage(message);
  let answers: AnswerOnTheWay[] = [];
  let notices: unknown[] = [];
  let isFlushComing = false;

  function flush(): void {
    isFlushComing = false;
    if (answers.length + notices.length > 0) {
      tell({ notices, answers, measure: takeMeasure?.() });
      answers = [];
      notices = [];
    }
  }

  /**
   * What a batch has to tell travels in one message. Its answers come within two steps of the notice of its commit, and would wait for
   * a turn of the event loop in which the next batch is decided.
   */
  function flushSoon(): void {
    if (!isFlushComing) {
      isFlushComing = true;
      queueMicrotask(() => queueMicrotask(flush));
    }
  }

  async function decide(ledger: Ledger, packed: DecisionOnTheWay) {
    const { number, decision } = unpackDecision(packed);
    const outcome = await ledger.decide(decision);
    answers.push(packAnswer(number, outcome));
    flushSoon();
  }

  try {
    const ledger = await open({
      onBroken: (error) => tell({ broken: error.message }),
      onMistake: (error) => tell({ mistake: error.stack ?? error.message }),
      onNotice(notice) {
        notices.push(notice);
        flushSoon();
      },
    });
    port.on('message', async (message: ToThread) => {
      try {
        if ('decide' in message) {
          await Promise.all(message.decide.map((packed) => decide(ledger, packed)));
          return;
        }
        await ledger.settled();
        // The last answers must not wait for a turn that comes after the port has closed.
        flush();
        await close();
        port.close();
      } catch (error) {
        tell({ failed: String(error) });
        // Whoever waits for the end of the thread must not wait for ever.
        port.close();
      }
    });
    tell({ ready: true });
  } catch (error) {
    await close().catch(() => {});
    const { code } = error as NodeJS.ErrnoException;
    tell({ failed: error instanceof Error ? error.message : String(error), ...(code && { code }) });
    port.close();
  }
}
