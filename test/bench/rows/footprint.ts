import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { seedUsers } from '../seed-users.js';
import { runLoad } from '../support/load/load.js';
import { startPay } from '../support/program.js';
import { asMegabytes, asPercent, type Bench } from '../support/row.js';
import { cpuMicros, residentMegabytes } from '../support/usage.js';
import { connections } from './single-payments.js';

const mostLoads = 600;

export const footprint: Bench = {
  rows: [
    {
      name: 'memory',
      what: 'resident after 50,000 payments',
      better: 'less',
      must: 250,
      text: asMegabytes,
    },
    { name: 'idle', what: 'idle, of a core', better: 'less', must: 0.5, text: asPercent },
  ],

  async measure({ ending, folder: parent, sizes, tools }) {
    const folder = join(parent, 'footprint');
    await mkdir(folder, { mode: 0o700 });
    const people = await seedUsers(join(folder, 'pay.db'), 1_000, ['GBP']);
    return ending.during(async (inner) => {
      const pay = await startPay(inner, folder);
      const fresh = residentMegabytes(pay.pid);
      const load = {
        url: pay.url,
        path: '/v1/payments',
        connections,
        senders: people,
        posted: { payTo: people },
      };
      let paid = 0;
      for (let loads = 0; paid < sizes.paymentsOfFootprint && loads < mostLoads; loads += 1) {
        paid += (await runLoad(tools, { ...load, seconds: 1 })).succeeded;
      }
      const memory = residentMegabytes(pay.pid);
      await after(sizes.settleSeconds * 1000);
      const before = cpuMicros(pay.pid);
      await after(sizes.idleSeconds * 1000);
      const idleMicros = cpuMicros(pay.pid) - before;
      return {
        figures: { memory, idle: (idleMicros / (sizes.idleSeconds * 1_000_000)) * 100 },
        notes: [
          `resident: ${asMegabytes(fresh)} when ready, ${asMegabytes(memory)} after ${paid} payments; idle for ${sizes.idleSeconds} s`,
        ],
      };
    });
  },
};
