import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { engine } from './engine.js';

/** Beside the tests as they were built, so that the next build takes it away. */
const prepared = join(import.meta.dirname, '../../prepared');

const books = 'pay.db';
const identity = ['tls.crt', 'tls.key', 'second-factor.keys'];

/** Does in a folder what the first start of a server does there. */
async function makeAll(folder: string): Promise<void> {
  const [{ holdDatabase }, { loadOrMakeCertificate }, { readOrMakeKeys }] = await Promise.all([
    import('../../db/open/open-database.js'),
    import('../../server/tls/certificate.js'),
    import('../../server/features/second-factor/key-file.js'),
  ]);
  const held = await holdDatabase(join(folder, books));
  await held.release();
  await loadOrMakeCertificate({ dataDir: folder, hosts: ['127.0.0.1'], now: new Date() });
  await readOrMakeKeys(folder);
}

/** The folder that others are copied from: made once for all test files of a build, by the first that needs it. */
async function folderToCopy(): Promise<string> {
  const folder = join(prepared, 'data');
  if (!existsSync(folder)) {
    await mkdir(prepared, { recursive: true });
    const draft = await mkdtemp(`${folder}.`);
    await makeAll(draft);
    try {
      await rename(draft, folder);
    } catch (error) {
      if (!existsSync(folder)) {
        throw error;
      }
      // Another test file was sooner.
      await rm(draft, { recursive: true });
    }
  }
  return folder;
}

let copied: Promise<string> | undefined;

async function copyInto(folder: string, names: readonly string[]): Promise<void> {
  copied ??= folderToCopy();
  const from = await copied;
  await Promise.all(names.map((name) => copyFile(join(from, name), join(folder, name))));
}

/** Puts books as a first start makes them, held by nobody, into a folder. Gives their file. */
export async function placeNewBooks(folder: string): Promise<string> {
  await copyInto(folder, [books]);
  return join(folder, books);
}

/**
 * A data folder as the first start of a server makes it, with the same certificate and keys each time, in which a server starts in
 * two thirds of the time. Whoever asks removes it.
 */
export async function newDataFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pay-server-'));
  await copyInto(folder, engine === 'SQLite' ? [...identity, books] : identity);
  return folder;
}

/** A new data folder that is gone at the end of the test. */
export async function makeDataFolder(t: ExecutionContext<unknown>): Promise<string> {
  const folder = await newDataFolder();
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
