import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { benchesOf } from './rows/all.js';
import { type BooksSize, openBooks, type SeededBooks } from './support/books.js';
import { Ending } from './support/ending.js';
import { loader } from './support/load/load.js';
import { readWords } from './support/read-words.js';
import type { Bench, Row } from './support/row.js';
import type { Setting } from './support/setting.js';
import { fullSizes, quickSizes } from './support/sizes.js';
import { type Reached, renderTable } from './support/table.js';
import { startTown, type Town } from './support/town.js';

const help = `npm run bench -- [options]

Measures the server beside its references, and prints what was reached beside what is wanted.

  --quick         less data, fewer and shorter rounds: three minutes
  --only A,B      only these rows
  --keep FOLDER   keeps the large books there, and takes them from there the next time
  --engine NAME   sqlite, or postgres for the rows of a PostgreSQL of the bench's own
  --list          names the rows
`;

const { values: flags } = readWords(() =>
  parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      keep: { type: 'string' },
      engine: { type: 'string', default: 'sqlite' },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  }),
);

function benchesWanted(): readonly Bench[] {
  const wanted = benchesOf[flags.engine];
  if (wanted === undefined) {
    throw new Error(`There is no engine ${flags.engine}. Name one of ${Object.keys(benchesOf).join(', ')}.`);
  }
  return wanted;
}

const benches = readWords(benchesWanted);
const allRows = benches.flatMap(({ rows }) => rows);

function rowsWanted(): ReadonlySet<string> {
  const known = allRows.map(({ name }) => name);
  const wanted = flags.only?.split(',') ?? known;
  const unknown = wanted.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new Error(`There is no row ${unknown.join(', ')}. Name some of ${known.join(', ')}.`);
  }
  return new Set(wanted);
}

const talk = (line: string) => process.stderr.write(`${line}\n`);
const tell = (line: string) => process.stdout.write(`${line}\n`);

/** Makes what it is asked for, once for each key. */
function once<Key, Made>(make: (key: Key) => Promise<Made>): (key: Key) => Promise<Made> {
  const made = new Map<string, Promise<Made>>();
  return (key) => {
    const name = JSON.stringify(key ?? null);
    const promise = made.get(name) ?? make(key);
    made.set(name, promise);
    return promise;
  };
}

async function makeSetting(ending: Ending): Promise<Setting> {
  const folder = await mkdtemp(join(tmpdir(), 'pay-bench-'));
  ending.later(() => rm(folder, { recursive: true, force: true }));
  const booksFolder = flags.keep === undefined ? folder : resolve(flags.keep);
  await mkdir(booksFolder, { recursive: true, mode: 0o700 });
  const town = once<undefined, Town>(() => startTown(ending, folder));
  return {
    isQuick: flags.quick,
    sizes: flags.quick ? quickSizes : fullSizes,
    folder,
    ending,
    tools: { folder, nextPayment: 1 },
    town: () => town(undefined),
    books: once<BooksSize, SeededBooks>((size) => openBooks(booksFolder, size, talk)),
    tell: talk,
  };
}

/** Measures these rows; one that cannot be measured says why and leaves the others alone. */
async function reachedBy(bench: Bench, rows: readonly Row[], setting: Setting): Promise<readonly Reached[]> {
  talk(`${rows.map(({ name }) => name).join(', ')} …`);
  try {
    const { figures, flattered = [], notes } = await bench.measure(setting);
    for (const note of notes) {
      tell(`- ${note}`);
    }
    return rows.map((row) => ({
      row,
      figure: figures[row.name],
      isFlattered: flattered.includes(row.name),
    }));
  } catch (error) {
    tell(`- ${rows.map(({ name }) => name).join(', ')} failed: ${(error as Error).message}`);
    process.exitCode = 1;
    return rows.map((row) => ({ row, figure: undefined }));
  }
}

async function run(ending: Ending): Promise<void> {
  const wanted = readWords(rowsWanted);
  const setting = await makeSetting(ending);
  const { rounds, seconds, large, looked } = setting.sizes;
  tell(
    `${rounds} rounds of ${seconds} s by ${loader}, medians; ${cpus().length} cores, Node ${process.version}`,
  );
  if (flags.quick) {
    tell(
      `quick: books of ${large.payments} payments and ${large.users} users for 10,000,000 and 100,000, a history of ${looked.ofBusiest} for 1,000,000, ${setting.sizes.paymentsOfFootprint} payments for 50,000`,
    );
  }
  const reached: Reached[] = [];
  for (const bench of benches) {
    const rows = bench.rows.filter(({ name }) => wanted.has(name));
    if (rows.length > 0) {
      reached.push(...(await reachedBy(bench, rows, setting)));
    }
  }
  tell(`\n${renderTable(reached)}`);
}

async function main(): Promise<void> {
  if (flags.help) {
    tell(help);
    return;
  }
  if (flags.list) {
    tell(allRows.map(({ name, what }) => `${name.padEnd(20)} ${what}`).join('\n'));
    return;
  }
  const ending = new Ending();
  const interrupt = () => void ending.end().then(() => process.exit(130));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    // For good, and not once: what runs wrk ends the process itself as soon as nobody else listens.
    process.on(signal, interrupt);
  }
  try {
    await run(ending);
  } finally {
    await ending.end();
  }
}

await main();
