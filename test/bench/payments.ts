import { randomInt, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import autocannon, { type Request, type Result } from 'autocannon';
import { openReaders } from '../../db/connect.js';
import { startPayServer, startProcess } from '../support/server-process.js';
import { type SeededUser, seedUsers } from './seed-users.js';

const users = 1_000;
const connections = 64;
const rounds = Number(process.env.PAY_BENCH_ROUNDS ?? 5);
const seconds = Number(process.env.PAY_BENCH_SECONDS ?? 5);

const tell = (text: string) => process.stdout.write(`${text}\n`);

function pick<Item>(items: readonly Item[]): Item {
  const item = items[randomInt(items.length)];
  if (item === undefined) {
    throw new Error('There is nothing to pick from.');
  }
  return item;
}

/** A payment between two random users, under a key of its own: one request of the load, the same for both servers. */
function payment(people: readonly SeededUser[], request: Request): Request {
  const sender = pick(people);
  let receiver = pick(people);
  while (receiver === sender) {
    receiver = pick(people);
  }
  return {
    ...request,
    method: 'POST',
    path: '/v1/payments',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${sender.token}`,
      'idempotency-key': randomUUID(),
    },
    body: JSON.stringify({ to: receiver.username, amount: '0.01', memo: 'bench' }),
  };
}

async function load(url: string, people: readonly SeededUser[], duration: number): Promise<Result> {
  return autocannon({
    url,
    connections,
    duration,
    requests: [{ setupRequest: (request) => payment(people, request) }],
    tlsOptions: { rejectUnauthorized: false },
  });
}

const rate = (result: Result) => result['2xx'] / result.duration;

function describe(name: string, result: Result): string {
  const failures = result.errors + result.timeouts + result.non2xx;
  const { p50, p99 } = result.latency;
  return `${name} ${rate(result).toFixed(0).padStart(6)}/s  p50 ${p50} ms  p99 ${p99} ms  failures ${failures}`;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** What the database holds after the load: every payment that was answered, and nothing out of balance. */
async function readBooks(file: string): Promise<{ transfers: number; sum: number }> {
  const readers = openReaders(file, 1);
  const [payments, accounts] = await Promise.all([
    readers('payments').where({ kind: 'transfer' }).count({ transfers: '*' }),
    readers('accounts').sum({ sum: 'balance' }),
  ]);
  await readers.destroy();
  return { transfers: Number(payments[0]?.transfers), sum: Number(accounts[0]?.sum) };
}

const folder = await mkdtemp(join(tmpdir(), 'pay-bench-'));
const database = join(folder, 'pay.db');
try {
  tell(
    `${users} users, ${connections} connections kept alive, ${rounds} rounds of ${seconds} s each, Node ${process.version}`,
  );
  const people = await seedUsers(database, users, 'GBP');
  const pay = await startPayServer(folder);
  const echo = await startProcess(join(import.meta.dirname, 'echo-server.js'), [
    join(folder, 'tls.crt'),
    join(folder, 'tls.key'),
  ]);
  await load(pay.url, people, 1);
  await load(echo.url, people, 1);
  const before = await readBooks(database);

  const paid: Result[] = [];
  const echoed: Result[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const ours = await load(pay.url, people, seconds);
    tell(describe(`round ${round}  pay       `, ours));
    const theirs = await load(echo.url, people, seconds);
    tell(describe(`round ${round}  bare Koa  `, theirs));
    paid.push(ours);
    echoed.push(theirs);
  }
  await pay.stop();
  await echo.stop();

  const after = await readBooks(database);
  const answered = paid.reduce((sum, result) => sum + result['2xx'], 0);
  const ratios = paid.map((ours, index) => rate(ours) / rate(echoed[index] ?? ours));
  tell('');
  tell(`payments per second, each durable before its answer: ${median(paid.map(rate)).toFixed(0)}`);
  tell(`bare Koa echo over HTTPS, requests per second:       ${median(echoed.map(rate)).toFixed(0)}`);
  tell(`ratio (median of the rounds):                        ${median(ratios).toFixed(2)}`);
  tell(
    `answered ${answered}, booked ${after.transfers - before.transfers}, sum of all accounts ${after.sum}`,
  );
  // What was under way when a round ended was booked without an answer that counts.
  if (after.transfers - before.transfers < answered || after.sum !== 0) {
    throw new Error('The books do not agree with the answers.');
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
