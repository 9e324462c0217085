import { parentPort, workerData } from 'node:worker_threads';
import { openWriter } from '../db/connect.js';
import { connectTime } from '../thrift/client.js';
import { machineMicros } from './clock.js';
import { noticeOf } from './events/notice.js';
import { openLedger } from './ledger/group-commit.js';
import { makeLedgerMeter } from './ledger/measure.js';
import { serveLedger } from './ledger/thread.js';
import { currencies } from './money/currency.js';
import { rules } from './rules.js';

/** What the ledger's thread is given. */
export interface LedgerThreadData {
  readonly databasePath: string;
  readonly time: { readonly host: string; readonly port: number };
}

if (parentPort) {
  const { databasePath, time } = workerData as LedgerThreadData;
  const writer = openWriter(databasePath);
  const clock = connectTime(time);
  const meter = makeLedgerMeter();
  void serveLedger({
    port: parentPort,
    open: ({ onBroken, onNotice }) =>
      openLedger({
        writer,
        rules,
        askTime: () => clock.currentTimeMicros(),
        machineMicros,
        currencies: currencies.map(({ code }) => code),
        chain: 1,
        onCommitted(changes) {
          const notice = noticeOf(changes);
          if (notice) {
            onNotice(notice);
          }
        },
        meter,
        onBroken,
      }),
    takeMeasure: meter.take,
    async close() {
      clock.close();
      await writer.destroy();
    },
  });
}
