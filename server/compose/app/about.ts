import { dirname } from 'node:path';
import { isPostgres } from '../../../db/postgres/place.js';
import { machineMicros } from '../../clock.js';
import { readNewestPaymentMicros } from '../../features/about/newest-payment.js';
import { makeStorageProbe } from '../../features/about/probe-storage.js';
import type { AboutParts } from '../../features/about/routes.js';
import type { LedgerDoor } from '../../ledger/door.js';
import { describeServer } from './describe-server.js';
import type { Opened } from './opened.js';

/** How the server finds out what it says about itself: its storage, its time, and what it is. */
export function aboutParts(
  { settings, readers, time, exchange }: Pick<Opened, 'settings' | 'readers' | 'time' | 'exchange'>,
  ledger: LedgerDoor,
): AboutParts {
  return {
    storageProblem: makeStorageProbe({
      readers,
      ledger,
      folder: isPostgres(settings.databasePath) ? undefined : dirname(settings.databasePath),
    }),
    askTime: () => time.client.currentTimeMicros(),
    newestPaymentMicros: () => readNewestPaymentMicros(readers),
    machineMicros,
    timeSource: `thrift://${time.address.host}:${time.address.port}`,
    describe: () => describeServer(settings, exchange.inForce),
  };
}
