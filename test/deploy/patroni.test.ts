import { spawnSync } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { openMaker } from '../../db/connect.js';
import { checkDatabaseFile } from '../../server/features/books/check-database.js';
import { makeFolder } from '../faults/support/server.js';
import { needsProgram, testWith } from '../support/needs.js';
import { until } from '../support/until.js';
import { ask, balancesOf, type ClusterLoad, heldBy, startLoad } from './support/cluster-load.js';
import { type PatroniCluster, scripts, startPatroniCluster } from './support/patroni-cluster.js';

test('the scripts of a cluster say how they are called', (t) => {
  for (const script of ['start', 'stop', 'status']) {
    for (const words of [[], ['/tmp', '4'], ['/tmp', 'node1']]) {
      const { status, stderr } = spawnSync(join(scripts, script), words, { encoding: 'utf8' });
      t.is(status, 2, stderr);
      t.is(stderr, `usage: ${script} FOLDER [NODE…]\n`);
    }
  }
});

test('what a program of a cluster leaves in its folder is closed to others, as the data folder of a server has to be', async (t) => {
  const folder = await makeFolder(t);
  const [pid, log] = [join(folder, 'pid'), join(folder, 'log')];
  const script = `set -- "${folder}"; . "${scripts}/cluster.sh"; start_program "${pid}" "${log}" echo started`;
  const { status, stderr } = spawnSync('bash', ['-c', `umask 022; ${script}`], { encoding: 'utf8' });
  t.is(status, 0, stderr);
  await until('it has started', async () => (await readFile(log, 'utf8')) === 'started\n');
  for (const file of [pid, log]) {
    t.is((await stat(file)).mode & 0o777, 0o600, file);
  }
});

/** How soon payments are answered again after a promotion, at most. */
const againMs = 10_000;

/** The keys under which there is a payment in the books. */
async function paidKeys(url: string): Promise<ReadonlySet<string>> {
  const database = openMaker(url);
  try {
    const rows: { key: string }[] = await database.raw(
      'select key from idempotency_keys where payment_id is not null',
    );
    return new Set(rows.map(({ key }) => key));
  } finally {
    await database.destroy();
  }
}

/** Holds the books against every answer that was given. */
async function holdAgainstAnswers(
  t: ExecutionContext,
  cluster: PatroniCluster,
  load: ClusterLoad,
): Promise<string> {
  const found = await paidKeys(cluster.url);
  const counts = { paid: 0, refused: 0, 'nothing was done': 0, unknown: 0 };
  const open = [];
  for (const one of load.asked) {
    counts[one.answer] += 1;
    if (one.answer === 'unknown') {
      open.push(one);
    } else {
      t.is(found.has(one.key), one.answer === 'paid', `${one.answer}: ${one.key}`);
    }
  }
  const wasThere = open.filter(({ key }) => found.has(key)).length;
  for (const one of open) {
    await ask(cluster.servers[0], one);
    t.true(one.answer === 'paid' || (one.answer === 'refused' && !found.has(one.key)), one.answer);
  }
  const paid = load.asked.filter(({ answer }) => answer === 'paid');
  t.is(new Set(paid.map(({ id }) => id)).size, paid.length);
  for (const server of cluster.servers) {
    t.deepEqual(await balancesOf(server, load), heldBy(load));
  }
  const books = await checkDatabaseFile(cluster.url);
  t.deepEqual(books.problems, []);
  t.is(books.payments, load.people.length + paid.length);
  return `${counts.paid} paid, ${counts.refused} refused, ${counts['nothing was done']} not done, ${counts.unknown} unknown, of which ${wasThere} were there`;
}

async function again(t: ExecutionContext, load: ClusterLoad): Promise<string> {
  const afterMs = await load.untilPaid();
  t.true(Math.max(...afterMs) < againMs, `${afterMs} ms`);
  return afterMs.map(Math.round).join(' and ');
}

/** The primary is killed and comes back, the next one is cut off and comes back. Gives what was seen. */
async function loseTwo(t: ExecutionContext, cluster: PatroniCluster, load: ClusterLoad): Promise<string> {
  await load.untilPaid();
  await cluster.hasSynchronous();
  const killed = await cluster.primary();
  cluster.kill(killed);
  const second = await cluster.primaryBut(killed);
  const afterKill = await again(t, load);
  await cluster.start(killed);
  await cluster.isFollowing(killed);
  await load.untilPaid();
  await cluster.hasSynchronous();
  cluster.freeze(second);
  const third = await cluster.primaryBut(second);
  const afterCut = await again(t, load);
  cluster.thaw(second);
  await cluster.isFollowing(second);
  await load.untilPaid();
  return `nodes ${killed}, ${second}, ${third}; again after ${afterKill} ms, ${afterCut} ms`;
}

/** A cluster of its own loses its primary twice under load; then the books are held against the answers. */
async function failOver(t: ExecutionContext, port: number): Promise<void> {
  const cluster = await startPatroniCluster(port);
  const load = await startLoad(cluster.servers);
  try {
    const seen = await loseTwo(t, cluster, load);
    await load.stop();
    t.log(`${seen}; ${await holdAgainstAnswers(t, cluster, load)}`);
  } catch (error) {
    t.log(cluster.said());
    throw error;
  } finally {
    await load.stop();
    await cluster.stop();
  }
}

const runs = Number(process.env.PAY_CLUSTER_RUNS ?? 0);

// Only `npm run test:cluster` asks for it: each run takes a minute or two.
if (runs > 0) {
  testWith(
    needsProgram('patroni'),
    needsProgram('etcd'),
    needsProgram('setpriv'),
  )(
    'a cluster whose primary is killed, and whose next is cut off, keeps what was answered and nothing else',
    async (t) => {
      for (let run = 1; run <= runs; run += 1) {
        const startedAtMs = performance.now();
        await failOver(t, 15_000 + (process.pid % 200) * 60);
        t.log(`run ${run}: ${Math.round((performance.now() - startedAtMs) / 1_000)} s`);
      }
    },
  );
}
