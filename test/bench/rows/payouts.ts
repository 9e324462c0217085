import assert from 'node:assert/strict';
import { callApi } from '../support/call-api.js';
import { pick } from '../support/load/pick.js';
import { asCount, asTimes, type Bench } from '../support/row.js';
import type { Town } from '../support/town.js';
import { describeTurn, medianTurn, rateRatio, takeTurns } from '../support/turns.js';
import { payments } from './single-payments.js';

const itemsEach = 1_000;
const atOnce = 4;
const payers = 100;

/** A few payouts to random ones of those who do not pay them. */
function payoutTexts({ people }: Town): readonly string[] {
  const receivers = people.slice(payers);
  const item = (_: unknown, index: number) => ({
    to: pick(receivers).username,
    amount: `1.${String(index % 100).padStart(2, '0')}`,
    memo: 'bench',
  });
  return Array.from({ length: 10 }, () =>
    JSON.stringify({ items: Array.from({ length: itemsEach }, item), mode: 'each' }),
  );
}

export const payouts: Bench = {
  rows: [
    {
      name: 'payouts',
      what: 'payouts of 1,000 a call, 4 at a time, payments per second',
      better: 'more',
      must: 20_000,
      aim: 40_000,
      text: asCount,
    },
    {
      name: 'payouts-to-single',
      what: '… of the single rate',
      better: 'more',
      must: 5,
      text: asTimes,
    },
  ],

  async measure(setting) {
    const town = await setting.town();
    const { pay } = town;
    const senders = town.people.slice(0, payers);
    const texts = payoutTexts(town);
    // In a load only the status is looked at, which does not say how many were paid.
    const first = await callApi(pay.url, pick(senders), 'POST', '/v1/payouts', texts[0]);
    const { totals } = JSON.parse(first.text) as { totals?: { paid: number } };
    assert.equal(totals?.paid, itemsEach, first.text.slice(0, 1_000));
    const seconds = Math.max(2, setting.sizes.seconds);
    const sizes = { rounds: setting.sizes.rounds, seconds };
    const subjects = {
      single: payments(pay, town.people),
      payouts: { program: pay, path: '/v1/payouts', connections: atOnce, senders, posted: { texts } },
    };
    const turns = await takeTurns(setting, subjects, sizes);
    const calls = medianTurn(turns.payouts);
    return {
      figures: {
        payouts: calls.perSecond * itemsEach,
        'payouts-to-single': rateRatio(turns.payouts, turns.single) * itemsEach,
      },
      notes: [
        `payouts: ${(calls.cpuMicrosEach / itemsEach).toFixed(1)} µs of CPU for each payment; calls of 1,000: ${describeTurn(calls)}`,
      ],
    };
  },
};
