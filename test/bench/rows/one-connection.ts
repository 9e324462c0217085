import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { loader } from '../support/load/load.js';
import { median } from '../support/load/statistics.js';
import { asTimes, type Bench } from '../support/row.js';
import { describeTurn, medianTurn, takeTurns } from '../support/turns.js';
import { payments } from './single-payments.js';

const syncs = 200;
const block = Buffer.alloc(4096, 'x');

/** Microseconds in which four kilobytes are appended to a file in this folder and synced, in the middle of many. */
async function syncMicros(folder: string): Promise<number> {
  const path = join(folder, 'sync.bin');
  const file = await open(path, 'a');
  const took: number[] = [];
  for (let count = 0; count < syncs; count += 1) {
    const startedMs = performance.now();
    await file.write(block);
    await file.datasync();
    took.push((performance.now() - startedMs) * 1000);
  }
  await file.close();
  await rm(path);
  return median(took);
}

export const oneConnection: Bench = {
  rows: [
    {
      name: 'one-connection',
      what: 'one connection, one payment after another: p50, of one sync and one bare round trip',
      better: 'less',
      must: 5,
      aim: 2.5,
      text: asTimes,
    },
  ],

  async measure(setting) {
    const { folder, pay, echo, people } = await setting.town();
    const before = await syncMicros(folder);
    const turns = await takeTurns(setting, {
      bare: { ...payments(echo, people), connections: 1 },
      pay: { ...payments(pay, people), connections: 1 },
    });
    const sync = median([before, await syncMicros(folder)]);
    const [bare, paid] = [medianTurn(turns.bare), medianTurn(turns.pay)];
    return {
      // A slow generator makes the bare round trip, and so what is compared with, longer.
      flattered: loader === 'wrk' ? [] : ['one-connection'],
      figures: { 'one-connection': paid.p50Micros / (sync + bare.p50Micros) },
      notes: [
        `one connection: ${describeTurn(paid)}; a sync ${sync.toFixed(0)} µs, a bare round trip ${bare.p50Micros.toFixed(0)} µs`,
      ],
    };
  },
};
