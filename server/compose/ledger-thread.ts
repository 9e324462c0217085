import { parentPort, workerData } from 'node:worker_threads';
import { openReaders, openWriter } from '../../db/connect.js';
import { beginUse, type DatabaseUse } from '../../db/open/use-database.js';
import type { RatesRow } from '../../db/rows.js';
import { connectTime, type TimeServiceAddress } from '../../thrift/client.js';
import { machineMicros } from '../clock.js';
import { readRates, useRates } from '../features/conversion/rates-store.js';
import { noticeOf } from '../features/events/notice.js';
import { openLedger } from '../ledger/group-commit.js';
import { makeLedgerMeter } from '../ledger/measure.js';
import { serveLedger } from '../ledger/thread.js';
import type { RateTable } from '../money/rate-table.js';
import { rules } from './rules.js';

/** The data that the ledger's thread is started with. */
export interface LedgerThreadData {
  readonly databasePath: string;
  /** What new books begin with. */
  readonly rates: RateTable;
  readonly time: TimeServiceAddress;
}

if (parentPort) {
  const { databasePath, rates, time } = workerData as LedgerThreadData;
  const writer = openWriter(databasePath);
  const readers = openReaders(databasePath, 1);
  let use: DatabaseUse | undefined;
  let isInOrder = true;
  const clock = connectTime(time);
  const meter = makeLedgerMeter();
  void serveLedger({
    port: parentPort,
    async open({ onBroken, onNotice }) {
      use = await beginUse(writer, databasePath);
      const noteCommit = use.keepLogShort();
      const ledger = await openLedger({
        writer,
        readers,
        rules,
        askTime: () => clock.currentTimeMicros(),
        machineMicros,
        rates,
        chain: 1,
        onCommitted(changes) {
          noteCommit();
          const changed = changes.find(({ table }) => table === 'rates')?.inserted.at(-1);
          if (changed) {
            useRates(changed as RatesRow);
          }
          const notice = noticeOf(changes);
          if (notice) {
            onNotice(notice);
          }
        },
        meter,
        onBroken(error) {
          isInOrder = false;
          onBroken(error);
        },
      });
      useRates(await readRates(readers));
      return ledger;
    },
    takeMeasure: meter.take,
    async close() {
      clock.close();
      await readers.destroy();
      await (use ? use.end(isInOrder) : writer.destroy());
    },
  });
}
