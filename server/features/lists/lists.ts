import type { Database } from '../../../db/connect.js';
import { TookTooLong } from '../../../db/sqlite/took-too-long.js';
import { Refusal } from '../../errors.js';
import type { Cursors } from '../../http/answer/cursor.js';
import type { ListReader, ListTurns } from '../../http/answer/list-turns.js';
import { makeGate } from '../../http/serve/bounded-gate.js';
import { networkOf } from '../../network.js';
import type { ShareTable } from '../../rate-figures.js';
import { makeExports } from './exports.js';

/** The parts that a feature needs to give lists. */
export interface Lists extends ListTurns {
  /** The connections that lists alone read by, so that no search keeps others from being known, or from finding one thing. */
  readonly readers: Database;
}

export interface ListParts {
  readonly readers: Database;
  readonly cursors: Cursors;
  readonly shares: Pick<ShareTable, 'lists' | 'listsWaiting' | 'exports'>;
}

const tooMany = 'Too many lists are being looked through right now. Try again in a few seconds.';

/** The refusal of what took too long to be looked through; any other error as it is. */
function refusalOf(error: unknown): unknown {
  return error instanceof TookTooLong
    ? new Refusal(
        'OVERLOADED',
        `After ${error.afterMs / 1000} s this was not looked through to its end. Ask for less at once: narrow it with since and until, with a kind or with another side.`,
        { retryAfterSeconds: 5 },
      )
    : error;
}

/** Lists are read in turns: of each user one at a time and few in all, an export a part at a turn. */
export function makeLists({ readers, cursors, shares }: ListParts): Lists {
  const gate = makeGate({ running: shares.lists, waiting: shares.listsWaiting, tooMany });

  const inTurn = <Result>({ userId, address }: ListReader, read: () => Promise<Result>): Promise<Result> =>
    gate(userId, read, networkOf(address)).catch((error: unknown) => {
      throw refusalOf(error);
    });

  return { readers, cursors, inTurn, beginExport: makeExports(shares.exports, inTurn).begin };
}
