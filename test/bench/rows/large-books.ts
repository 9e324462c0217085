import { startPay } from '../support/program.js';
import { asMegabytes, asRatio, asSeconds, type Bench } from '../support/row.js';
import { describeTurn, medianTurn, rateRatio, takeTurns } from '../support/turns.js';
import { residentMegabytes } from '../support/usage.js';
import { payments } from './single-payments.js';

export const largeBooks: Bench = {
  rows: [
    {
      name: 'large-books',
      what: '… on 10,000,000 payments and 100,000 users, a thousand of whom pay, of the empty case',
      better: 'more',
      must: 0.8,
      text: asRatio,
    },
    {
      name: 'large-books-memory',
      what: '… resident after it',
      better: 'less',
      must: 300,
      text: asMegabytes,
    },
    {
      name: 'large-books-ready',
      what: '… ready within',
      better: 'less',
      must: 2,
      text: asSeconds,
    },
  ],

  async measure(setting) {
    const town = await setting.town();
    const books = await setting.books(setting.sizes.large);
    return setting.ending.during(async (ending) => {
      const pay = await startPay(ending, books.folder);
      // Those who hold pounds, as everybody in the empty case does.
      const everybody = books.people.filter(({ currency }) => currency === 'GBP');
      const some = everybody.slice(0, town.people.length);
      const turns = await takeTurns(setting, {
        empty: payments(town.pay, town.people),
        large: payments(pay, some),
      });
      const resident = residentMegabytes(pay.pid);
      const further = await takeTurns(setting, {
        empty: payments(town.pay, town.people),
        everybody: payments(pay, everybody),
      });
      return {
        figures: {
          'large-books': rateRatio(turns.large, turns.empty),
          'large-books-memory': resident,
          'large-books-ready': pay.readyMs / 1000,
        },
        notes: [
          `payments on ${books.payments} payments and ${books.people.length} users, of ${some.length}: ${describeTurn(medianTurn(turns.large))}`,
          `payments there of ${everybody.length}, nearly each of somebody not seen before: ${asRatio(rateRatio(further.everybody, further.empty))} of the empty case, ${describeTurn(medianTurn(further.everybody))}, ${asMegabytes(residentMegabytes(pay.pid))} resident after it`,
        ],
      };
    });
  },
};
