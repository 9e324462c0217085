import assert from 'node:assert/strict';
import type { BooksSize, SeededBooks } from '../support/books.js';
import { callApi } from '../support/call-api.js';
import { type Program, startPay } from '../support/program.js';
import { asTimes, type Bench, type Row } from '../support/row.js';
import { describeTurn, medianTurn, p50Ratio, type Subject, takeTurns } from '../support/turns.js';

/** Their busiest user has a thousand payments. */
const small: BooksSize = { payments: 2_000, users: 200, ofBusiest: 1_000 };

/** How many payments the period of each sum holds, in how many groups. */
const summed = 800;
const groups = 100;

const row = (name: string, what: string): Row => ({ name, what, better: 'less', must: 1.5, text: asTimes });

const rows = [
  row('sum-by-memo', `sums of ${summed} payments of 1,000,000 by memo, of the same of 1,000`),
  row('sum-by-day', '… by day'),
  row('balance-then', '… the balance at a moment'),
];

/** Pays the busiest as often in either books, and gives the queries that are compared: of the time since. */
async function pathsOf(
  url: string,
  { busiest, firstPayer }: SeededBooks,
): Promise<Readonly<Record<string, string>>> {
  const items = Array.from({ length: summed }, (_, number) => ({
    ...{ to: busiest.username, amount: '0.01', memo: `group ${number % groups}` },
  }));
  const { status, text } = await callApi(
    url,
    firstPayer,
    'POST',
    '/v1/payouts',
    JSON.stringify({ mode: 'all', items }),
  );
  assert.equal(status, 201, text);
  const [first] = (JSON.parse(text) as { readonly results: readonly { payment: { createdAt: string } }[] })
    .results;
  assert(first);
  const since = encodeURIComponent(first.payment.createdAt);
  return {
    'sum-by-memo': `/v1/me/summary?by=memo&since=${since}`,
    'sum-by-day': `/v1/me/summary?by=day&since=${since}&tz=Europe/London`,
    'balance-then': `/v1/me/balances?at=${since}`,
  };
}

const subjectOf = (program: Program, { busiest }: SeededBooks, path = ''): Subject => ({
  ...{ program, path, connections: 1, senders: [busiest] },
});

export const summaries: Bench = {
  rows,

  async measure(setting) {
    const { isQuick, sizes } = setting;
    const many = await setting.books(sizes.looked);
    const few = await setting.books(small);
    return setting.ending.during(async (ending) => {
      const [ofMany, ofFew] = [await startPay(ending, many.folder), await startPay(ending, few.folder)];
      const [manyPaths, fewPaths] = [await pathsOf(ofMany.url, many), await pathsOf(ofFew.url, few)];
      const figures: Record<string, number> = {};
      const notes: string[] = [];
      for (const { name } of rows) {
        const turns = await takeTurns(
          setting,
          {
            many: subjectOf(ofMany, many, manyPaths[name]),
            few: subjectOf(ofFew, few, fewPaths[name]),
          },
          { rounds: isQuick ? 1 : sizes.rounds, seconds: 1 },
        );
        figures[name] = p50Ratio(turns.many, turns.few);
        notes.push(`${name} of ${many.ofBusiest} payments: ${describeTurn(medianTurn(turns.many))}`);
      }
      return { figures, notes };
    });
  },
};
