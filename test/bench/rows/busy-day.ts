import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { execa } from 'execa';
import type { SeededBooks } from '../support/books.js';
import { callApi, exportHistory } from '../support/call-api.js';
import { runLoad } from '../support/load/load.js';
import { paymentAmount } from '../support/load/payment-amount.js';
import { type Person, writePeople } from '../support/load/person.js';
import { pick } from '../support/load/pick.js';
import { type Program, payServer, plainEnvironment, startPay } from '../support/program.js';
import { asCount, asTimes, type Bench } from '../support/row.js';
import type { Setting } from '../support/setting.js';
import { connections } from './single-payments.js';

/** The most that payments may have taken of the time asked for; beyond it the server did not keep up. */
const mostOverrun = 1.1;
/** Half of the payments are answered within this where the server keeps up: in a queue that does not get shorter all wait for longer. */
const longestMedianMicros = 1_000_000;
/** How long people have been paying when the bustle begins. */
const leadSeconds = 4;
const historiesPerSecond = 20;
const acceptancesPerSecond = 5;

interface Paced {
  readonly paid: number;
  readonly tookSeconds: number;
  readonly failed: number;
  readonly firstRefusal: string | null;
  readonly p50Micros: number;
  readonly p99Micros: number;
}

/** The tally of what happened beside the payments. */
class Tally {
  readonly done: Record<string, number> = {};
  readonly faults: string[] = [];

  note(what: string, fault?: string): void {
    this.done[what] = (this.done[what] ?? 0) + 1;
    if (fault !== undefined) {
      this.faults.push(`${what}: ${fault}`);
    }
  }
}

/** Does it so often a second until the signal, each when the one before is done. */
async function repeat(perSecond: number, over: AbortSignal, work: () => Promise<void>): Promise<void> {
  while (!over.aborted) {
    const startedMs = performance.now();
    await work();
    await after(Math.max(0, 1000 / perSecond - (performance.now() - startedMs)));
  }
}

async function readHistory(url: string, person: Person, tally: Tally): Promise<void> {
  const { status, text } = await callApi(url, person, 'GET', '/v1/payments');
  tally.note('histories', status === 200 ? undefined : text);
}

/** One asks another for money, who accepts. */
async function askAndAccept({ tools }: Setting, url: string, people: readonly Person[], tally: Tally) {
  const [requester, payer] = [pick(people), pick(people)];
  if (requester === payer) {
    return;
  }
  const amount = paymentAmount(tools.nextPayment);
  tools.nextPayment += 1;
  const asked = JSON.stringify({ from: payer.username, amount });
  const request = await callApi(url, requester, 'POST', '/v1/requests', asked);
  const { id } = JSON.parse(request.text) as { id: string };
  const accepted = await callApi(url, payer, 'POST', `/v1/requests/${id}/accept`, '{}');
  tally.note('acceptances', accepted.status === 200 ? undefined : accepted.text);
}

/** The longest history there is, whole. */
async function exportAll(url: string, person: Person, tally: Tally): Promise<void> {
  const { status, bytes } = await exportHistory(url, person);
  tally.note('exports', status === 200 ? undefined : `${status} after ${bytes} bytes`);
}

async function backUp({ folder }: SeededBooks, target: string, tally: Tally): Promise<void> {
  const words = [payServer, 'backup', '--data', folder, target];
  const options = { env: plainEnvironment(), extendEnv: false, stdin: 'ignore', reject: false } as const;
  const { exitCode, stderr } = await execa(process.execPath, words, { ...options, timeout: 600_000 });
  tally.note('backups', exitCode === 0 ? undefined : stderr);
}

/** The bustle beside the payments until the signal, and one export and one backup. */
async function bustle(
  setting: Setting,
  { url }: Program,
  books: SeededBooks,
  people: readonly Person[],
  over: AbortSignal,
): Promise<Tally> {
  const tally = new Tally();
  await Promise.all([
    repeat(historiesPerSecond, over, () => readHistory(url, pick(people), tally)),
    repeat(acceptancesPerSecond, over, () => askAndAccept(setting, url, people, tally)),
    exportAll(url, books.busiest, tally),
    backUp(books, join(setting.folder, 'bench.backup'), tally),
  ]);
  return tally;
}

/** Payments at half of what the server can do alone, from a process of their own. */
async function payAtHalf(
  { sizes, folder, tools }: Setting,
  url: string,
  people: readonly Person[],
  peak: number,
): Promise<Paced> {
  const peopleFile = join(folder, 'paced.txt');
  writePeople(peopleFile, people);
  const seconds = sizes.mixedSeconds;
  const program = join(import.meta.dirname, '../support/load/paced-payments.js');
  const words = [program, url, peopleFile, String(peak / 2), String(seconds), String(leadSeconds)];
  const ofFirst = String(tools.nextPayment);
  tools.nextPayment += Math.ceil((peak / 2) * (seconds + leadSeconds));
  const { stdout } = await execa(process.execPath, [...words, ofFirst], {
    timeout: (seconds + 120) * 1000,
    stdin: 'ignore',
  });
  return JSON.parse(stdout) as Paced;
}

export const busyDay: Bench = {
  rows: [
    {
      name: 'busy-day',
      what: 'half the peak beside histories, acceptances, an export and a backup: p99, of p50',
      better: 'less',
      must: 10,
      text: asTimes,
    },
    {
      name: 'busy-day-failures',
      what: '… answers other than success',
      better: 'less',
      must: 0,
      text: asCount,
    },
  ],

  async measure(setting) {
    const books = await setting.books(setting.sizes.looked);
    const people = books.people.filter(({ currency }) => currency === 'GBP').slice(2, 1_002);
    return setting.ending.during(async (ending) => {
      const pay = await startPay(ending, books.folder);
      const load = {
        url: pay.url,
        path: '/v1/payments',
        connections,
        senders: people,
        posted: { payTo: people },
      };
      await runLoad(setting.tools, { ...load, seconds: 1 });
      const peak = (await runLoad(setting.tools, { ...load, seconds: 3 })).perSecond;
      const over = new AbortController();
      const paying = payAtHalf(setting, pay.url, people, peak).finally(() => over.abort());
      await after(leadSeconds * 1000);
      const [paced, tally] = await Promise.all([paying, bustle(setting, pay, books, people, over.signal)]);
      const done = Object.entries(tally.done).map(([what, count]) => `${count} ${what}`);
      // Where all wait in a queue, all wait alike: such a ratio would look good.
      const isKeptUp =
        paced.tookSeconds <= setting.sizes.mixedSeconds * mostOverrun &&
        paced.p50Micros <= longestMedianMicros;
      const firstFault = paced.firstRefusal ?? tally.faults[0];
      return {
        figures: {
          'busy-day': isKeptUp ? paced.p99Micros / paced.p50Micros : Number.POSITIVE_INFINITY,
          'busy-day-failures': paced.failed + tally.faults.length,
        },
        notes: [
          `busy day: ${(peak / 2).toFixed(0)} payments/s for ${setting.sizes.mixedSeconds} s, p50 ${(paced.p50Micros / 1000).toFixed(2)} ms, p99 ${(paced.p99Micros / 1000).toFixed(2)} ms, beside ${done.join(', ')}`,
          ...(isKeptUp
            ? []
            : [`busy day: the server did not keep up, it took ${paced.tookSeconds.toFixed(0)} s`]),
          ...(firstFault === undefined ? [] : [`busy day: the first failure is ${firstFault}`]),
        ],
      };
    });
  },
};
