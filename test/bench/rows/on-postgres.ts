import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { moveBooks } from '../../../db/operate/move/move-books.js';
import { checkDatabaseFile } from '../../../server/features/books/check-database.js';
import { makePostgresDatabase } from '../../support/postgres.js';
import { seedUsers } from '../seed-users.js';
import { type Load, type LoadResult, runLoad } from '../support/load/load.js';
import type { Person } from '../support/load/person.js';
import { median, medianRatio } from '../support/load/statistics.js';
import { oneTransactionEach } from '../support/one-transaction-each.js';
import { type Program, startEcho, startPay } from '../support/program.js';
import { asRatio, asTimes, type Bench } from '../support/row.js';
import type { Setting } from '../support/setting.js';

const connections = 64;
const inhabitants = 1_000;
/** What runs for the first time is not what is measured. */
const warmUpSeconds = 6;

interface PostgresTown {
  /** The same books three times: of one server, of two, and of what is compared with. */
  readonly books: Readonly<Record<'one' | 'two' | 'reference', string>>;
  readonly one: readonly Program[];
  readonly two: readonly Program[];
  readonly echo: Program;
  readonly people: readonly Person[];
}

async function startPostgresTown({ folder, ending }: Setting): Promise<PostgresTown> {
  const seeded = join(folder, 'seeded.db');
  const people = await seedUsers(seeded, inhabitants, ['GBP']);
  async function copyBooks(): Promise<string> {
    const to = await makePostgresDatabase({ isEmpty: true });
    const { signal } = new AbortController();
    await moveBooks({ from: seeded, to, toOption: '--to', signal, onProgress: () => {} });
    return to;
  }
  const books = { one: await copyBooks(), two: await copyBooks(), reference: await copyBooks() };
  async function start(name: string, url: string): Promise<Program> {
    const data = join(folder, name);
    await mkdir(data, { mode: 0o700 });
    return startPay(ending, data, { PAY_DATABASE_URL: url });
  }
  const one = [await start('one', books.one)];
  const two = [await start('first', books.two), await start('second', books.two)];
  const echo = await startEcho(ending, join(folder, 'one'));
  return { books, one, two, echo, people };
}

/** The load of payments, spread over these programs at the same time. Gives how many a second were answered with success. */
async function payThrough(
  setting: Setting,
  programs: readonly Program[],
  people: readonly Person[],
  seconds: number,
): Promise<number> {
  const results = await Promise.all(
    programs.map(async ({ url }, number): Promise<LoadResult> => {
      const folder = join(setting.folder, `load-${number}`);
      await mkdir(folder, { recursive: true });
      const load: Load = {
        ...{ url, path: '/v1/payments', connections: connections / programs.length, seconds },
        ...{ senders: people, posted: { payTo: people } },
      };
      // What one begins with is far from what the other comes to.
      const tools = { folder, nextPayment: setting.tools.nextPayment + number * 5_000_000 };
      const result = await runLoad(tools, load);
      setting.tools.nextPayment = Math.max(setting.tools.nextPayment, tools.nextPayment - number * 5_000_000);
      return result;
    }),
  );
  const failed = results.reduce((sum, result) => sum + result.failed, 0);
  assert.equal(failed, 0, `${failed} payments were refused or lost`);
  return results.reduce((sum, { perSecond }) => sum + perSecond, 0);
}

export const onPostgres: Bench = {
  rows: [
    {
      name: 'postgres-payments',
      what: 'on PostgreSQL: one payment a request, 64 connections, of bare Koa that echoes it',
      better: 'more',
      must: 0.12,
      text: asRatio,
    },
    {
      name: 'postgres-batches',
      what: '… of one transaction each through the pg driver, 64 connections',
      better: 'more',
      must: 3,
      text: asTimes,
    },
    {
      name: 'postgres-two',
      what: '… through two servers, of one',
      better: 'more',
      must: 1,
      text: asTimes,
    },
  ],

  async measure(setting) {
    const { books, one, two, echo, people } = await startPostgresTown(setting);
    const { rounds, seconds } = setting.sizes;
    const rates: Record<'bare' | 'one' | 'two' | 'reference', number[]> = {
      bare: [],
      one: [],
      two: [],
      reference: [],
    };
    async function turn(name: keyof typeof rates, measure: () => Promise<number>): Promise<void> {
      const rate = await measure();
      rates[name].push(rate);
      setting.tell(`  ${name}: ${Math.round(rate).toLocaleString('en')}/s`);
    }
    for (const programs of [[echo], one, two]) {
      // Of several each has a share of the load.
      await payThrough(setting, programs, people, warmUpSeconds * programs.length);
    }
    for (let round = 0; round < rounds; round += 1) {
      await turn('bare', () => payThrough(setting, [echo], people, seconds));
      await turn('one', () => payThrough(setting, one, people, seconds));
      await turn('two', () => payThrough(setting, two, people, seconds));
      await turn('reference', () => oneTransactionEach(books.reference, seconds));
    }
    const checks = [await checkDatabaseFile(books.one), await checkDatabaseFile(books.two)];
    assert.deepEqual(
      checks.flatMap(({ problems }) => problems),
      [],
    );
    const payments = checks.map((check) => check.payments).join(' and ');
    const of = (name: keyof typeof rates) => `${Math.round(median(rates[name])).toLocaleString('en')}/s`;
    return {
      figures: {
        'postgres-payments': medianRatio(rates.one, rates.bare),
        'postgres-batches': medianRatio(rates.one, rates.reference),
        'postgres-two': medianRatio(rates.two, rates.one),
      },
      notes: [
        `PostgreSQL's processes share the cores with all else: one server ${of('one')}, two ${of('two')}, one transaction each ${of('reference')}, bare Koa ${of('bare')}`,
        `both books balance: ${payments} payments`,
      ],
    };
  },
};
