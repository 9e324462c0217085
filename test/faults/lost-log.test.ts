import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { DatabaseProblem } from '../../db/files/database-problem.js';
import { inspectFile } from '../../db/open/inspect.js';
import { holdDatabase } from '../../db/open/open-database.js';
import { refuseLostLogBeside } from '../../db/sqlite/inspect-log.js';
import { frameHeaderBytes, logHeaderBytes, readLogHeader, scanLog } from '../../db/sqlite/scan-log.js';
import { publicId } from '../../server/ids.js';
import { payServer } from '../db/support/processes.js';
import { snapshot } from '../db/support/snapshot.js';
import { makeDataFolder } from '../support/first-start.js';
import type { PayServerProcess } from '../support/server-process.js';
import { until } from '../support/until.js';
import { assertWhole, readBooks, transfersOf } from './support/books.js';
import { type Client, makeClient, type User } from './support/client.js';
import { makeFolder, startServer } from './support/server.js';

const run = promisify(execFile);
const frameBytes = frameHeaderBytes + 4096;

/** The bytes of a log up to the end of its last commit. */
function lengthOf(log: Buffer): number {
  const header = readLogHeader(log);
  if (header === undefined) {
    throw new Error('the log has no header');
  }
  const scan = scanLog(header, 0);
  for (let at = logHeaderBytes; at + frameBytes <= log.length; at += frameBytes) {
    scan.frame(log.subarray(at, at + frameBytes));
  }
  return logHeaderBytes + scan.findings().frames * frameBytes;
}

interface Killed {
  /** The file of its database, and the log beside it. */
  readonly database: Buffer;
  readonly log: Buffer;
  /** The index of that log. */
  readonly index: Buffer;
  /** The ids of the payments that were answered, in their order. */
  readonly paid: readonly string[];
  /** The log after so many of the payments. */
  readonly midway: { readonly paid: number; readonly log: Buffer };
  /** The log of the same server before it was idle for a while, and that of the server before. */
  readonly older: readonly Buffer[];
}

interface Payers {
  readonly client: Client;
  readonly users: readonly [User, User];
}

async function pay({ client, users }: Payers, count: number): Promise<string[]> {
  const paid: string[] = [];
  for (let made = 0; made < count; made += 1) {
    const reply = await client.pay(users[0], users[1], '0.01');
    if (reply.status !== 201) {
      throw new Error(reply.text);
    }
    paid.push(JSON.parse(reply.text).id);
  }
  return paid;
}

const logOf = (data: string) => readFile(join(data, 'pay.db-wal'));

/** The bytes left of the log when the server has been idle: it was begun anew, and is never empty. */
const idleLogBytes = logHeaderBytes + frameBytes;

async function untilIdle(data: string): Promise<void> {
  await until('a log that was begun anew', async () => lengthOf(await logOf(data)) === idleLogBytes);
}

async function payersOf(
  t: ExecutionContext,
  server: PayServerProcess,
  users?: Payers['users'],
): Promise<Payers> {
  const client = await makeClient(t, server);
  return { client, users: users ?? [await client.register('alice'), await client.register('bob')] };
}

/** A server that is killed between payments, after one that was, after an idle while. */
async function killUnderPayments(t: ExecutionContext): Promise<Killed> {
  const data = await makeFolder(t);
  const first = await startServer(t, data);
  const payers = await payersOf(t, first);
  const paid = await pay(payers, 5);
  await first.kill();
  const older = [await logOf(data)];
  const second = await startServer(t, data);
  const again = await payersOf(t, second, payers.users);
  // On a busy machine a server may have been idle before its log is looked at.
  const busy = await until('a log that holds payments', async () => {
    paid.push(...(await pay(again, 5)));
    const log = await logOf(data);
    return lengthOf(log) > idleLogBytes && log;
  });
  older.push(busy);
  await untilIdle(data);
  paid.push(...(await pay(again, 8)));
  const midway = { paid: paid.length, log: await logOf(data) };
  paid.push(...(await pay(again, 8)));
  await second.kill();
  const database = await readFile(join(data, 'pay.db'));
  const index = await readFile(join(data, 'pay.db-shm'));
  return { database, log: await logOf(data), index, paid, midway, older };
}

let ofOthers: Promise<Killed> | undefined;

/** A server of others that was killed like it: the same for all tests. */
const stranger = (t: ExecutionContext) => (ofOthers ??= killUnderPayments(t));

/** A copy of what the server left, with another log; none where that is undefined. */
async function withLog(
  t: ExecutionContext,
  { database }: Pick<Killed, 'database'>,
  log: Buffer | undefined,
  index?: Buffer,
): Promise<string> {
  const folder = await makeFolder(t);
  await writeFile(join(folder, 'pay.db'), database, { mode: 0o600 });
  if (log !== undefined) {
    await writeFile(join(folder, 'pay.db-wal'), log, { mode: 0o600 });
  }
  if (index !== undefined) {
    await writeFile(join(folder, 'pay.db-shm'), index, { mode: 0o600 });
  }
  return folder;
}

/** The outcome of a start: the reason of its refusal, having changed nothing, or the payments that are there. */
async function outcomeOf(
  t: ExecutionContext,
  data: string,
): Promise<{ refused: string } | { there: readonly string[] }> {
  const before = await snapshot(data);
  try {
    const held = await holdDatabase(join(data, 'pay.db'));
    await held.release();
  } catch (error) {
    t.true(error instanceof DatabaseProblem, String(error));
    t.deepEqual(await snapshot(data), before);
    return { refused: (error as Error).message };
  }
  const books = await readBooks(data);
  assertWhole(t, books);
  return { there: transfersOf(books).map(({ id }) => publicId('pay', id)) };
}

const waysOut =
  /The server on .* was not ended in order.* Nothing was changed\. Put the log back .* or restore a backup .* (?:bin\/)?pay-server accept-lost-log/;

async function assertRefused(t: ExecutionContext, data: string, why: RegExp): Promise<void> {
  const outcome = await outcomeOf(t, data);
  const message = 'refused' in outcome ? outcome.refused : 'it starts';
  t.regex(message, why);
  t.regex(message, waysOut);
}

async function assertThere(t: ExecutionContext, data: string, paid: readonly string[]): Promise<void> {
  const outcome = await outcomeOf(t, data);
  t.deepEqual('there' in outcome ? paid.filter((id) => !outcome.there.includes(id)) : [outcome.refused], []);
}

test('after a kill, a log that is not there, empty, of others, cut or flipped stops the start, or nothing is lost', async (t) => {
  const killed = await killUnderPayments(t);
  const { log } = killed;
  const end = lengthOf(log);
  await assertThere(t, await withLog(t, killed, log), killed.paid);

  await assertRefused(t, await withLog(t, killed, undefined), /pay\.db-wal is not there\./);
  await assertRefused(t, await withLog(t, killed, Buffer.alloc(0)), /is empty or does not begin as a log/);
  await assertRefused(t, await withLog(t, killed, Buffer.alloc(end)), /is empty or does not begin as a log/);
  await assertRefused(t, await withLog(t, killed, log.subarray(0, 32)), /is empty: it holds no whole/);
  await assertRefused(
    t,
    await withLog(t, killed, log.subarray(0, 32 + frameBytes - 1)),
    /is empty: it holds no whole/,
  );
  for (const place of [0, 5, 9, 17, 25]) {
    const changed = Buffer.from(log);
    changed[place] = (changed[place] ?? 0) ^ 4;
    await assertRefused(t, await withLog(t, killed, changed), /is empty or does not begin as a log/);
  }

  const others = await stranger(t);
  for (const foreign of [others.log, ...others.older, ...killed.older]) {
    await assertRefused(
      t,
      await withLog(t, killed, foreign),
      /belongs to another database, or to this one as/,
    );
  }

  // What a torn transaction leaves behind the end is dropped, and no more than it.
  for (const tail of [1, 24, 700, frameBytes, 3 * frameBytes + 9]) {
    const torn = Buffer.concat([log.subarray(0, end), log.subarray(end - tail, end)]);
    await assertThere(t, await withLog(t, killed, torn), killed.paid);
  }
  const midwayEnd = lengthOf(killed.midway.log);
  for (const more of [0, 1, 23, 24, 4000, frameBytes - 1]) {
    const cut = await withLog(t, killed, log.subarray(0, midwayEnd + more));
    await assertThere(t, cut, killed.paid.slice(0, killed.midway.paid));
  }

  let refusals = 0;
  for (let turn = 0; turn < 60; turn += 1) {
    const place = Math.floor((end * (turn + Math.random())) / 60);
    const flipped = Buffer.from(log);
    flipped[place] = (flipped[place] ?? 0) ^ (1 << (turn % 8));
    const outcome = await outcomeOf(t, await withLog(t, killed, flipped));
    if ('refused' in outcome) {
      refusals += 1;
    } else {
      // The end of a log that was flipped is like one that was torn.
      const lost = killed.paid.filter((id) => !outcome.there.includes(id));
      t.deepEqual(lost, killed.paid.slice(killed.paid.length - Math.min(2, lost.length)), `byte ${place}`);
    }
  }
  t.true(refusals > 40, `${refusals} of 60 flips were found`);
});

const lacksItsEnd = /pay\.db-wal lacks its end: \d+ of the \d+ frames that were on the disk are left\./;

test('after a kill, a log whose end is cut, zeroed, damaged or older stops the start, as long as its index is there', async (t) => {
  const killed = await killUnderPayments(t);
  const { log, index } = killed;
  const end = lengthOf(log);
  await assertThere(t, await withLog(t, killed, log, index), killed.paid);
  const ended = await withLog(t, killed, log.subarray(0, end), index);
  await assertThere(t, ended, killed.paid);

  const midwayEnd = lengthOf(killed.midway.log);
  const zeroed = Buffer.from(log).fill(0, midwayEnd);
  const damaged = Buffer.from(log).fill(0xee, end - frameBytes);
  const shorter = [end - 1, end - frameBytes, midwayEnd, midwayEnd + 700].map((length) =>
    log.subarray(0, length),
  );
  for (const lost of [...shorter, zeroed, damaged, killed.midway.log]) {
    const data = await withLog(t, killed, lost, index);
    await assertRefused(t, data, lacksItsEnd);
    // What was refused once is refused again, and by those that only read.
    t.deepEqual(await readFile(join(data, 'pay.db-shm')), index);
    await assertRefused(t, data, lacksItsEnd);
  }

  // The index of another log says nothing of this one, nor one that is not sound.
  const others = await stranger(t);
  for (const unsound of [others.index, Buffer.alloc(index.length), index.subarray(0, 90), Buffer.alloc(0)]) {
    await assertThere(t, await withLog(t, killed, log, unsound), killed.paid);
    const cut = await withLog(t, killed, killed.midway.log, unsound);
    await assertThere(t, cut, killed.paid.slice(0, killed.midway.paid));
  }
});

test('a log that is written while it is read is not taken for lost, however little of it fits together', async (t) => {
  const killed = await stranger(t);
  const data = await withLog(t, killed, killed.midway.log, killed.index);
  const file = join(data, 'pay.db');
  let looks = 0;
  const look = () => {
    looks += 1;
    return inspectFile(file, 'reading');
  };
  await t.throwsAsync(refuseLostLogBeside(file, look), { message: lacksItsEnd });
  t.true(looks > 1);
  // Each commit changes the index, and so does a beginning of the log anew.
  const lookAndCommit = async () => {
    const facts = await look();
    const index = await readFile(`${file}-shm`);
    index.writeUInt32LE(index.readUInt32LE(8) + 1, 8);
    await writeFile(`${file}-shm`, index);
    return facts;
  };
  looks = 0;
  await t.notThrowsAsync(refuseLostLogBeside(file, lookAndCommit));
  t.is(looks, 1);
});

test('a log or an index that cannot be read is told in a sentence that names it', async (t) => {
  const { database, log } = await stranger(t);
  const data = await withLog(t, { database }, log);
  for (const [name, restore] of [
    ['pay.db-shm', () => Promise.resolve()],
    ['pay.db-wal', () => writeFile(join(data, 'pay.db-wal'), log)],
  ] as const) {
    const path = join(data, name);
    await rm(path, { force: true });
    await mkdir(path);
    for (const args of [['check'], ['migrate', '--status'], ['backup', join(await makeFolder(t), 'copy')]]) {
      const { status, said } = await outputOf(...args, '--data', data);
      t.is(status, 1);
      t.true(said.includes(`pay-server: ${path} cannot be read (EISDIR). Nothing was changed. Look`), said);
    }
    await rm(path, { recursive: true });
    await restore();
  }
  t.is((await outputOf('check', '--data', data)).status, 0);
});

test('an operator who accepts that a log lacks its end keeps what comes before', async (t) => {
  const killed = await stranger(t);
  const data = await withLog(t, killed, killed.midway.log, killed.index);
  for (const args of [['check'], ['migrate'], ['backup', join(await makeFolder(t), 'copy')]]) {
    const { status, said } = await outputOf(...args, '--data', data);
    t.is(status, 1);
    t.regex(said, lacksItsEnd);
    t.regex(said, waysOut);
  }
  t.is((await outputOf('accept-lost-log', '--data', data)).status, 0);
  t.regex(await readFile(join(data, 'pay.db.lost-logs'), 'utf8'), /lacks its end: .*; the loss was accepted/);
  t.is((await outputOf('check', '--data', data)).status, 0);
  await assertThere(t, data, killed.paid.slice(0, killed.midway.paid));
});

/** What a copy of a data folder leaves that is started, paid on and killed by itself. */
async function killCopy(t: ExecutionContext, data: string, users: Payers['users']) {
  const copy = await makeFolder(t);
  await cp(data, copy, { recursive: true });
  const server = await startServer(t, copy);
  const paid = await pay(await payersOf(t, server, users), 3);
  await server.kill();
  return { database: await readFile(join(copy, 'pay.db')), log: await logOf(copy), paid };
}

test('the log of a copy of the data folder that went on by itself is one of another database', async (t) => {
  const data = await makeFolder(t);
  const server = await startServer(t, data);
  const payers = await payersOf(t, server);
  await pay(payers, 3);
  await server.kill();
  const one = await killCopy(t, data, payers.users);
  const other = await killCopy(t, data, payers.users);
  await assertRefused(t, await withLog(t, one, other.log), /belongs to another database, or to this one as/);
  await assertThere(t, await withLog(t, one, one.log), one.paid);
});

async function outputOf(...args: readonly string[]): Promise<{ status: number; said: string }> {
  try {
    const { stdout } = await run(process.execPath, [payServer, ...args]);
    return { status: 0, said: stdout };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { status: code, said: `${stdout}${stderr}` };
  }
}

test('the programs say that a log was lost, and an operator who accepts that goes on without it', async (t) => {
  const data = await withLog(t, await stranger(t), Buffer.alloc(0));
  const file = join(data, 'pay.db');
  await t.throwsAsync(startServer(t, data), {
    message: /pay\.db-wal is empty.* (?:bin\/)?pay-server accept-lost-log/,
  });
  for (const args of [['check'], ['migrate'], ['backup', join(await makeFolder(t), 'copy')]]) {
    const { status, said } = await outputOf(...args, '--data', data);
    t.is(status, 1);
    t.regex(said, waysOut);
  }
  // The way out is typed as it is said.
  const { said: refusal } = await outputOf('check', '--data', data);
  const typed = (said: string) => /pay-server (\S+ --database-url \S+?),? /.exec(said)?.[1]?.split(' ') ?? [];
  const { said: accepted } = await outputOf(...typed(refusal));
  t.regex(accepted, /is given up; .*pay\.db\.lost-logs says so/);
  t.is((await outputOf(...typed(accepted))).status, 0);
  t.regex(
    await readFile(`${file}.lost-logs`, 'utf8'),
    /^20\S+Z The log .* is empty .*; the loss was accepted/,
  );
  t.true((await readdir(data)).some((name) => name.startsWith('pay.db-wal.lost-')));
  t.regex(
    (await outputOf('accept-lost-log', '--data', data)).said,
    /is as it should be\. Nothing was changed/,
  );
  t.is((await outputOf('check', '--data', data)).status, 0);
  const next = await startServer(t, data);
  t.is(await next.stop(), 0);
});

test('a server that was ended in order needs no log, and refuses one of others', async (t) => {
  const data = await makeFolder(t);
  const server = await startServer(t, data);
  const payers = await payersOf(t, server);
  const paid = await pay(payers, 3);
  const log = await logOf(data);
  t.is(await server.stop(), 0);
  t.false((await readdir(data)).includes('pay.db-wal'));
  await assertThere(t, data, paid);
  const others = await stranger(t);
  for (const foreign of [others.log, log]) {
    await writeFile(join(data, 'pay.db-wal'), foreign);
    t.regex(
      JSON.stringify(await outcomeOf(t, data)),
      /belongs to another database.*this one was ended in order and needs none/,
    );
    await rm(join(data, 'pay.db-wal'));
  }
});

test('the log of a server is short when it is idle, and never empty; check and backup beside it do not complain', async (t) => {
  const data = await makeDataFolder(t);
  const server = await startServer(t, data);
  const payers = await payersOf(t, server);
  const paid = await pay(payers, 30);
  const long = lengthOf(await logOf(data));
  await untilIdle(data);
  const short = lengthOf(await logOf(data));
  t.is(short, idleLogBytes);
  t.true(long > 10 * short);
  t.is((await outputOf('check', '--data', data)).status, 0);
  const backup = join(await makeFolder(t), 'pay.backup');
  t.is((await outputOf('backup', backup, '--data', data)).status, 0);
  t.true((await readFile(backup)).readInt32BE(60) < 0);
  const restored = join(await makeFolder(t), 'data');
  t.is((await outputOf('restore', backup, '--data', restored)).status, 0);
  t.true((await readFile(join(restored, 'pay.db'))).readInt32BE(60) < 0);
  await server.kill();
  await assertThere(t, data, paid);
  await assertThere(t, restored, paid);
});
