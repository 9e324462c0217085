import { checkBooks } from '../support/check-books.js';
import { asSeconds, type Bench } from '../support/row.js';

const million = 1_000_000;

export const check: Bench = {
  rows: [
    {
      name: 'check',
      what: '`pay-server check`, for 1,000,000 payments',
      better: 'less',
      must: 20,
      text: asSeconds,
    },
  ],

  async measure(setting) {
    const { folder } = await setting.books(setting.sizes.looked);
    const { books, seconds } = await checkBooks(folder);
    return {
      figures: { check: (seconds / books.payments) * million },
      notes: [
        `check: ${books.payments} payments with ${books.entries} entries in ${seconds.toFixed(1)} s; the row says what that makes of a million`,
      ],
    };
  },
};
