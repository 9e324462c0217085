import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { type Database, openReaders, openWriter } from '../../../db/connect.js';
import { placeNewBooks } from '../../support/first-start.js';

/** A folder of the test's own, gone at its end. */
export async function makeFolder(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pay-db-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A database as a first start makes it, held by nobody. Gives its file. */
export async function makeDatabaseFile(t: ExecutionContext): Promise<string> {
  return placeNewBooks(await makeFolder(t));
}

export function openWriterOf(t: ExecutionContext, file: string): Database {
  const writer = openWriter(file);
  t.teardown(() => writer.destroy());
  return writer;
}

export function openReadersOf(t: ExecutionContext, file: string, connections?: number): Database {
  const readers = openReaders(file, connections);
  const { pool } = readers.client;
  t.teardown(async () => {
    // Whoever asks a pool while it is being closed would wait for a minute, and the end of the test file for them.
    pool.acquireTimeoutMillis = 100;
    await readers.destroy();
  });
  return readers;
}
