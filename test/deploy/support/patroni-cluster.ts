import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { type Client, makeClient } from '../../api/support/client.js';
import { readContract } from '../../api/support/contract.js';
import { until } from '../../support/until.js';

export const scripts = join(import.meta.dirname, '../../../../deploy/patroni');

/** A promotion waits for the lease of the primary before to end, and a node that comes back for all that it missed. */
const changeMs = 180_000;

/** Three nodes and two servers as the scripts of deploy/patroni start them. */
export interface PatroniCluster {
  readonly url: string;
  readonly servers: readonly [Client, Client];
  /** The number of the node that is the primary now. */
  primary(): Promise<number>;
  /** Resolves when another node than this one is the primary. */
  primaryBut(node: number): Promise<number>;
  /** Resolves when one follows the primary, and when a commit waits for it. */
  isFollowing(node: number): Promise<void>;
  hasSynchronous(): Promise<void>;
  /** Ends Patroni and PostgreSQL of a node as the power would. */
  kill(node: number): void;
  /** Starts what does not run of a node. */
  start(node: number): Promise<void>;
  /** Cuts a node off: all its programs stand still, and nobody is told. */
  freeze(node: number): void;
  /** Lets it go on, in the belief that no time has passed. */
  thaw(node: number): void;
  /** The end of what the Patroni of each node has written. */
  said(): string;
  stop(): Promise<void>;
}

const nodes = [1, 2, 3];

const childrenOf = (pid: number): readonly number[] =>
  String(spawnSync('ps', ['-o', 'pid=', '--ppid', String(pid)]).stdout)
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(Number);

function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended with the one before.
    }
  }
}

/** Whether the Patroni of a node says of itself that it is this: primary, replica, sync. */
async function says(port: number, node: number, path: string): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(2_000);
    return (await fetch(`http://127.0.0.1:${port + 10 + node}/${path}`, { signal })).ok;
  } catch {
    return false;
  }
}

async function firstThatSays(
  port: number,
  path: string,
  among: readonly number[],
): Promise<number | undefined> {
  const answers = await Promise.all(among.map((node) => says(port, node, path)));
  return among.find((_, index) => answers[index]);
}

/** Starts a cluster whose programs have the ports above this one. */
export async function startPatroniCluster(port: number): Promise<PatroniCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'pay-cluster-'));
  spawnSync('chmod', ['755', folder]);
  const run = (script: string, ...words: string[]) =>
    execa(join(scripts, script), [folder, ...words], {
      env: { PAY_CLUSTER_PORT: String(port), PAY_RATE_LIMITS: 'off' },
      stdin: 'ignore',
    });

  const pidIn = (file: string) => Number(readFileSync(join(folder, file), 'utf8').split('\n')[0]);
  const postgresOf = (node: number) => {
    const postmaster = pidIn(`node${node}/postgres/postmaster.pid`);
    return [postmaster, ...childrenOf(postmaster)];
  };

  const whoSays = (path: string, among: readonly number[]) =>
    until(`a node that is ${path}`, () => firstThatSays(port, path, among), changeMs);

  async function stop(): Promise<void> {
    try {
      await run('stop');
    } finally {
      for (const pid of String(spawnSync('find', [folder, '-name', '*.pid']).stdout)
        .trim()
        .split('\n')) {
        signalAll([Number(readFileSync(pid, 'utf8').split('\n')[0])], 'SIGKILL');
      }
      rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
    }
  }

  try {
    await run('start');
  } catch (error) {
    await stop().catch(() => {});
    throw error;
  }
  const ca = readFileSync(join(folder, 'server1/tls.crt'), 'utf8');
  const connect = async (number: number) => {
    const url = `https://127.0.0.1:${port + 40 + number}`;
    return makeClient({ url, ca, contract: await readContract(url, ca) });
  };
  const servers = [await connect(1), await connect(2)] as const;
  return {
    url: readFileSync(join(folder, 'url'), 'utf8').trim(),
    servers,
    primary: () => whoSays('primary', nodes),
    primaryBut: (node) =>
      whoSays(
        'primary',
        nodes.filter((other) => other !== node),
      ),
    isFollowing: async (node) => void (await whoSays('replica', [node])),
    hasSynchronous: async () => void (await whoSays('sync', nodes)),
    kill: (node) => signalAll([pidIn(`node${node}/patroni.pid`), ...postgresOf(node)], 'SIGKILL'),
    start: async (node) => void (await run('start', String(node))),
    freeze: (node) =>
      signalAll(
        [pidIn(`node${node}/etcd.pid`), pidIn(`node${node}/patroni.pid`), ...postgresOf(node)],
        'SIGSTOP',
      ),
    thaw: (node) =>
      signalAll(
        [...postgresOf(node), pidIn(`node${node}/patroni.pid`), pidIn(`node${node}/etcd.pid`)],
        'SIGCONT',
      ),
    said: () =>
      nodes
        .map((node) => readFileSync(join(folder, `node${node}/patroni.log`), 'utf8').slice(-4_000))
        .join('\n\n'),
    async stop() {
      await Promise.all(servers.map((server) => server.close()));
      await stop();
    },
  };
}
