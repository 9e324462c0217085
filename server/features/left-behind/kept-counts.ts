import type { Logger } from 'pino';
import type { Database } from '../../../db/connect.js';
import type { LeftBehindRow } from '../../../db/tables/users.js';
import type { Clock } from '../../clock.js';
import type { KeptCounts } from '../../http/serve/rate-limiter.js';
import type { LedgerDoor } from '../../ledger/door.js';
import { type Caller, decision } from '../../ledger/rule.js';
import { noteLeftBehind } from './note-left-behind.js';

interface Parts {
  readonly readers: Database;
  readonly ledger: Pick<LedgerDoor, 'decide'>;
  readonly machineMicros: Clock;
  readonly logger: Logger;
}

const nobody: Caller = { userId: null, isPerson: false, address: '', requestId: 'left behind' };

/** Keeps in the database how much users have left behind there, so that a restart forgives little of it. */
export function keepLeftBehind({ readers, ledger, machineMicros, logger }: Parts): KeptCounts {
  async function note(userId: number, kibibytes: number, until: number): Promise<void> {
    try {
      const input = { userId, kibibytes, until };
      const { status, fault } = await ledger.decide(decision(noteLeftBehind, { input, caller: nobody }));
      if (status !== 204) {
        logger.error({ fault }, 'how much a user leaves behind was not noted');
      }
    } catch (error) {
      // The count is noted with what the user leaves behind next.
      logger.debug({ err: error }, 'the ledger notes nothing now');
    }
  }

  return {
    async recall(caller) {
      const row = await readers<LeftBehindRow>('left_behind')
        .where({ user_id: Number(caller) })
        .first();
      const seconds = row === undefined ? 0 : Math.ceil((row.until - machineMicros()) / 1_000_000);
      return row !== undefined && seconds > 0 ? { points: row.kibibytes, seconds } : undefined;
    },
    note: (caller, { points, seconds }) =>
      void note(Number(caller), points, machineMicros() + seconds * 1_000_000),
  };
}
