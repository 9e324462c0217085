import { parentPort, workerData } from 'node:worker_threads';
import { openReaders, openWriter } from '../../db/connect.js';
import { beginUse, type DatabaseUse } from '../../db/open/use-database.js';
import { isPostgres } from '../../db/postgres/place.js';
import { type Listening, listenForBatches } from '../../db/postgres/writers/listen.js';
import { leaveWriters } from '../../db/postgres/writers/writers.js';
import { connectTime, type TimeServiceAddress } from '../../thrift/client.js';
import { machineMicros } from '../clock.js';
import { readRates, useRates } from '../features/conversion/rates-store.js';
import {
  type Notice,
  noticeOf,
  noticeOfAnything,
  noticeOfFollowed,
  noticeOfOthers,
} from '../features/events/notice.js';
import { openLedger } from '../ledger/commit/group-commit.js';
import { makeLedgerMeter } from '../ledger/measure.js';
import { serveLedger } from '../ledger/thread.js';
import type { RateTable } from '../money/rate-table.js';
import { rules } from './rules.js';

/** The data that the ledger's thread is started with. */
export interface LedgerThreadData {
  readonly databasePath: string;
  /** The rates that new books begin with. */
  readonly rates: RateTable;
  readonly time: TimeServiceAddress;
  /** The chain that this writer continues. */
  readonly chain: number;
}

if (parentPort) {
  const { databasePath, rates, time, chain } = workerData as LedgerThreadData;
  const writer = openWriter(databasePath);
  const readers = openReaders(databasePath, 1);
  let use: DatabaseUse | undefined;
  let isInOrder = true;
  let listening: Listening | undefined;
  const clock = connectTime(time);
  const meter = makeLedgerMeter();
  void serveLedger({
    port: parentPort,
    async open({ onBroken, onMistake, onNotice }) {
      use = await beginUse(writer, databasePath);
      function stop(error: Error): void {
        isInOrder = false;
        onBroken(error);
      }
      // What is acknowledged is in the log, which the next start reads; to go on would fill the disk with it.
      const noteCommit = use.keepLogShort(stop);
      function tell(notice: Notice | undefined): void {
        if (notice?.rates) {
          useRates(notice.rates);
        }
        if (notice) {
          onNotice(notice);
        }
      }
      const ledger = await openLedger({
        writer,
        readers,
        rules,
        askTime: () => clock.currentTimeMicros(),
        machineMicros,
        rates,
        chain,
        onCommitted(changes) {
          noteCommit();
          tell(noticeOf(changes));
        },
        onFollowed: (changes, commits) => tell(noticeOfFollowed(changes, commits)),
        onMissed: async (trx, commits) => tell(noticeOfAnything(await readRates(trx), commits)),
        onOthers: (others) => tell(noticeOfOthers(others)),
        meter,
        onMistake,
        onBroken: stop,
      });
      useRates(await readRates(readers));
      listening = isPostgres(databasePath)
        ? listenForBatches(databasePath, (commits) => ledger.followOthers(commits))
        : undefined;
      return ledger;
    },
    takeMeasure: meter.take,
    async close() {
      clock.close();
      await listening?.stop();
      if (listening) {
        await leaveWriters(writer, chain).catch(() => {});
      }
      await readers.destroy();
      await (use ? use.end(isInOrder) : writer.destroy());
    },
  });
}
