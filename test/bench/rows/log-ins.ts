import { runLoad } from '../support/load.js';
import { asRatio, type Bench } from '../support/row.js';
import type { Setting } from '../support/setting.js';
import { median } from '../support/statistics.js';
import type { Town } from '../support/town.js';
import { describeTurn, medianTurn, rateRatio, type Turn, takeTurns } from '../support/turns.js';
import { payments } from './single-payments.js';

const flooders = 32;

/** Log-ins with wrong passwords, which cost what right ones do, until the work is done. */
async function flooded(setting: Setting, { pay, people }: Town, work: () => Promise<readonly Turn[]>) {
  const texts = people.map(({ username }) => JSON.stringify({ username, password: 'not the right one' }));
  const tools = { ...setting.tools };
  const load = { url: pay.url, path: '/v1/sessions', connections: flooders, senders: [], posted: { texts } };
  let isOver = false;
  let refused = 0;
  async function flood(): Promise<void> {
    while (!isOver) {
      refused += (await runLoad(tools, { ...load, seconds: 1 })).failed;
    }
  }
  const flooding = flood();
  const turns = await work().finally(() => {
    isOver = true;
  });
  await flooding;
  return { turns, refused };
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
    const { rounds, seconds } = setting.sizes;
    const alone: Turn[] = [];
    const beside: Turn[] = [];
    let refused = 0;
    const once = async () => {
      const subject = { pay: payments(town.pay, town.people) };
      return (await takeTurns(setting, subject, { rounds: 1, seconds: Math.max(2, seconds) })).pay;
    };
    for (let round = 0; round < rounds; round += 1) {
      alone.push(...(await once()));
      const flood = await flooded(setting, town, once);
      beside.push(...flood.turns);
      refused += flood.refused;
    }
    return {
      figures: { 'log-ins': rateRatio(beside, alone) },
      notes: [
        `payments beside log-ins of ${flooders} connections: ${describeTurn(medianTurn(beside))}; ${refused} log-ins refused, in the middle ${median(alone.map(({ perSecond }) => perSecond)).toFixed(0)} payments/s without`,
      ],
    };
  },
};
