import assert from 'node:assert/strict';
import type { SeededBooks } from '../support/books.js';
import { callApi } from '../support/call-api.js';
import type { Person } from '../support/load/person.js';
import { type Program, startPay } from '../support/program.js';
import { asTimes, type Bench, type Row } from '../support/row.js';
import { describeTurn, medianTurn, p50Ratio, type Subject, takeTurns } from '../support/turns.js';

const pageLength = 20;
const longestPage = 100;

interface Page {
  readonly data: readonly { readonly createdAt: string }[];
  readonly nextCursor: string | null;
}

async function pageOf(url: string, person: Person, query: string): Promise<Page> {
  const { status, text } = await callApi(url, person, 'GET', `/v1/payments?${query}`);
  assert.equal(status, 200, text);
  return JSON.parse(text) as Page;
}

/** The page that comes after so many payments. */
async function pageAfter(
  url: string,
  person: Person,
  payments: number,
): Promise<{ query: string; page: Page }> {
  let query = `limit=${longestPage}`;
  for (let walked = 0; walked < payments; walked += longestPage) {
    const { nextCursor } = await pageOf(url, person, query);
    assert(nextCursor !== null, `${person.username} has fewer than ${payments} payments`);
    query = `limit=${longestPage}&cursor=${encodeURIComponent(nextCursor)}`;
  }
  const short = query.replace(/^limit=\d+/, `limit=${pageLength}`);
  return { query: short, page: await pageOf(url, person, short) };
}

/** The queries that are compared, each for one person whose history is so many pages long at least. */
async function queriesOf(url: string, { firstPayer }: SeededBooks, person: Person, pagesDeep: number) {
  const deep = await pageAfter(url, person, pagesDeep * pageLength);
  const [newest] = deep.page.data;
  assert(newest);
  const until = encodeURIComponent(newest.createdAt);
  return {
    'first-page': `limit=${pageLength}`,
    'deep-page': deep.query,
    // The payments that fit are the oldest of all.
    'page-by-with': `limit=${pageLength}&with=${firstPayer.username}`,
    'page-by-kind': `limit=${pageLength}&kind=opening_credit`,
    'page-by-time': `limit=${pageLength}&since=2020-01-01T00:00:00Z&until=${until}`,
  };
}

const row = (name: string, what: string): Row => ({ name, what, better: 'less', must: 1.3, text: asTimes });

const rows = [
  row('first-page', 'first page of a history of 1,000,000, of the same of 1,000'),
  row('deep-page', '… page 1,000 pages deep'),
  row('page-by-with', '… page by `with`, whose payments are the oldest'),
  row('page-by-kind', '… page by `kind`, whose payment is the oldest'),
  row('page-by-time', '… page by time, 1,000 pages deep'),
];

function subjectOf(program: Program, person: Person, query: string): Subject {
  return { program, path: `/v1/payments?${query}`, connections: 1, senders: [person] };
}

export const histories: Bench = {
  rows,

  async measure(setting) {
    const { isQuick, sizes } = setting;
    const books = await setting.books(sizes.looked);
    return setting.ending.during(async (ending) => {
      const pay = await startPay(ending, books.folder);
      const long = await queriesOf(pay.url, books, books.busiest, 1_000);
      const short = await queriesOf(pay.url, books, books.modest, 20);
      const figures: Record<string, number> = {};
      const notes: string[] = [`the long history is of ${books.ofBusiest} payments`];
      for (const { name } of rows) {
        const query = name as keyof typeof long;
        const turns = await takeTurns(
          setting,
          {
            long: subjectOf(pay, books.busiest, long[query]),
            short: subjectOf(pay, books.modest, short[query]),
          },
          { rounds: isQuick ? 1 : sizes.rounds, seconds: 1 },
        );
        figures[name] = p50Ratio(turns.long, turns.short);
        notes.push(`${name} of the long history: ${describeTurn(medianTurn(turns.long))}`);
      }
      return { figures, notes };
    });
  },
};
