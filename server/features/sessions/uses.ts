import type { Logger } from 'pino';
import type { LedgerDoor } from '../../ledger/door.js';
import { type Caller, decision } from '../../ledger/rule.js';
import type { After } from '../../timer.js';
import { type CredentialUse, noteUses } from './note-uses.js';

export interface UseParts {
  readonly ledger: Pick<LedgerDoor, 'decide'>;
  readonly idleMicros: number;
  readonly after: After;
  readonly logger: Logger;
}

export interface Uses {
  /** Has the use of a session or token noted in a moment, unless it was noted within the last minute. */
  note(use: CredentialUse, lastUsedAt: number | null): void;
  /** Notes no more. */
  stop(): void;
}

/** A use is written at most once in this time for each session and token. */
const noteEveryMicros = 60_000_000;
/** The time whose uses go to the ledger as one decision. */
const gatherMs = 1_000;
/** The most uses that are gathered, so that they are one small batch; those of others wait for the next use. */
const mostGathered = 500;

const nobody: Caller = { userId: null, isPerson: false, address: '', requestId: 'uses' };

/** Gathers the uses of sessions and tokens and has them written, lazily, so that no request waits for it or costs a write. */
export function makeUses({ ledger, idleMicros, after, logger }: UseParts): Uses {
  const gathered = new Map<string, CredentialUse>();
  let cancel: (() => void) | undefined;
  let isStopped = false;

  async function write(): Promise<void> {
    cancel = undefined;
    const input = { uses: [...gathered.values()], idleMicros };
    gathered.clear();
    try {
      const { status, fault } = await ledger.decide(decision(noteUses, { input, caller: nobody }));
      if (status !== 204) {
        logger.error({ fault }, 'uses of sessions and tokens were not noted');
      }
    } catch (error) {
      // The next use is noted instead.
      logger.debug({ err: error }, 'the ledger takes no uses now');
    }
  }

  return {
    note(use, lastUsedAt) {
      const isNoted = lastUsedAt !== null && use.at - lastUsedAt < noteEveryMicros;
      if (isNoted || isStopped || gathered.size >= mostGathered) {
        return;
      }
      gathered.set(`${use.kind} ${use.id}`, use);
      cancel ??= after(gatherMs, () => void write());
    },
    stop() {
      isStopped = true;
      cancel?.();
    },
  };
}
