import type { Logger } from 'pino';
import { Refusal } from '../../errors.js';
import type { CheckUnderWay } from './start-check.js';
import type { BooksJson } from './wire.js';

export interface SharedCheck {
  /**
   * The books as a check finds them; whoever asks while one is under way is told what that one finds. Throws
   * STORAGE_UNAVAILABLE when they cannot be read, or the server stops.
   */
  run(): Promise<BooksJson>;
  /** Calls off the check that is under way; none is begun any more. */
  stop(): Promise<void>;
}

const unavailable = (why: string) =>
  new Refusal('STORAGE_UNAVAILABLE', `The books cannot be checked now: ${why}`, { retryAfterSeconds: 5 });

/** One check at a time, however many ask for it. */
export function makeSharedCheck(start: () => CheckUnderWay, logger: Logger): SharedCheck {
  let underWay: CheckUnderWay | undefined;
  let answer: Promise<BooksJson> | undefined;
  let isStopping = false;

  async function check(): Promise<BooksJson> {
    try {
      underWay = start();
      return await underWay.books;
    } catch (error) {
      if (isStopping) {
        throw unavailable('the server is stopping.');
      }
      logger.error({ err: error }, 'the books cannot be checked');
      throw unavailable('the database does not answer. The log of the server says why.');
    } finally {
      underWay = undefined;
    }
  }

  return {
    async run() {
      if (isStopping) {
        throw unavailable('the server is stopping.');
      }
      answer ??= check().finally(() => {
        answer = undefined;
      });
      return answer;
    },
    async stop() {
      isStopping = true;
      await underWay?.cancel();
    },
  };
}
