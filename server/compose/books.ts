import type { Logger } from 'pino';
import { DatabaseProblem } from '../../db/files/database-problem.js';
import { storageProblem } from '../../db/open/inspect.js';
import { shownPlace } from '../../db/postgres/place.js';
import type { EventHub } from '../features/events/hub.js';
import type { Notice } from '../features/events/notice.js';
import type { Metrics } from '../features/metrics/metrics.js';
import { type LedgerDoor, openDoor } from '../ledger/door.js';
import type { RateTable } from '../money/rate-table.js';
import type { Settings } from '../settings.js';
import type { Closing } from './closing.js';
import type { LedgerThreadData } from './ledger-thread.js';
import { ledgerThreadFile } from './ledger-thread-file.js';
import type { TimeSource } from './time-source.js';

/** Opens the ledger in its thread. Throws DatabaseProblem when it cannot be opened. */
export async function openBooks(
  settings: Settings,
  {
    rates,
    time,
    chain,
    hub,
    metrics,
    logger,
  }: {
    readonly rates: RateTable;
    readonly time: TimeSource;
    readonly chain: number;
    readonly hub: EventHub;
    readonly metrics: Metrics;
    readonly logger: Logger;
  },
  closing: Closing,
): Promise<LedgerDoor> {
  const workerData: LedgerThreadData = {
    databasePath: settings.databasePath,
    rates,
    time: time.address,
    chain,
  };
  const door = await openDoor({
    entry: ledgerThreadFile(),
    workerData,
    // The thread was wired with noticeOf, so what comes out of it is a Notice.
    onNotice: (notice) => hub.publish(notice as Notice),
    onMeasure: metrics.noteLedger,
    onFault: (fault, { rule, caller }) =>
      logger.error({ fault, rule, requestId: caller.requestId }, 'the ledger failed'),
    onMistake: (fault) => logger.error({ fault }, 'the ledger gave up a batch, and made its decisions again'),
    shares: settings.rateLimits.shares,
  }).catch((error: Error) => {
    const problem = storageProblem(settings.databasePath, error);
    if (problem instanceof DatabaseProblem) {
      throw problem;
    }
    throw new DatabaseProblem(
      `The books in ${shownPlace(settings.databasePath)} cannot be opened (${error.message}). ` +
        'Look whether another program uses it and whether its disk is well, then start again.',
      { cause: error },
    );
  });
  closing.add(() => door.close());
  return door;
}
