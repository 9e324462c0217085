import { setTimeout as after } from 'node:timers/promises';
import { runLoad } from '../support/load/load.js';
import { asRatio, type Bench } from '../support/row.js';
import type { Setting } from '../support/setting.js';
import type { Town } from '../support/town.js';
import { describeTurn, measureTurn, medianTurn, rateRatio, type Turn } from '../support/turns.js';
import { untilIdle } from '../support/usage.js';
import { payments } from './single-payments.js';

const flooders = 32;
const leadMs = 500;

/** Log-ins with wrong passwords, which cost what right ones do, until it is stopped, which gives how many there were. */
function startFlood({ tools }: Setting, { pay, people }: Town): () => Promise<number> {
  const texts = people.map(({ username }) => JSON.stringify({ username, password: 'not the right one' }));
  const load = { url: pay.url, path: '/v1/sessions', connections: flooders, senders: [], posted: { texts } };
  let isOver = false;
  let logIns = 0;
  async function flood(): Promise<void> {
    while (!isOver) {
      logIns += (await runLoad({ ...tools }, { ...load, seconds: 1 })).failed;
    }
  }
  const flooding = flood();
  return async () => {
    isOver = true;
    await flooding;
    return logIns;
  };
}

export const logIns: Bench = {
  rows: [
    {
      name: 'log-ins',
      what: 'payments beside a flood of log-ins, of the rate without',
      better: 'more',
      must: 0.7,
      text: asRatio,
    },
  ],

  async measure(setting) {
    const town = await setting.town();
    const subject = payments(town.pay, town.people);
    const { rounds } = setting.sizes;
    const seconds = Math.max(2, setting.sizes.seconds);
    const [alone, beside]: [Turn[], Turn[]] = [[], []];
    let refused = 0;
    await measureTurn(setting, subject, 1);
    for (let round = 0; round < rounds; round += 1) {
      alone.push(await measureTurn(setting, subject, seconds));
      const stop = startFlood(setting, town);
      await after(leadMs);
      beside.push(
        await measureTurn(setting, subject, seconds).finally(async () => (refused += await stop())),
      );
      await untilIdle(town.pay.pid);
    }
    return {
      figures: { 'log-ins': rateRatio(beside, alone) },
      notes: [
        `payments beside log-ins of ${flooders} connections: ${describeTurn(medianTurn(beside))}; without: ${describeTurn(medianTurn(alone))}; ${refused} log-ins refused`,
      ],
    };
  },
};
