import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makePrivateFolder } from '../files/write-file.js';
import type { Candidate, LiveKind } from './live-values.js';

/** The owner of cached values: those of one user, or of whoever holds one token, on one server. */
export interface Owner {
  readonly server: string;
  readonly user: string;
}

export interface KnownValues {
  readonly atMs: number;
  readonly candidates: readonly Candidate[];
}

/** The cache of one user's values. */
export interface Cache {
  /** What is known of a kind, however old; undefined where that is nothing, or damaged. */
  read(kind: LiveKind): Promise<KnownValues | undefined>;
  /** Keeps what was found; where the disk does not take it, it is asked for again. */
  write(kind: LiveKind, values: KnownValues): Promise<void>;
  /** Whether nobody has begun to look for this kind within this time; from now on, somebody has. */
  begin(kind: LiveKind, nowMs: number, withinMs: number): Promise<boolean>;
}

function folderOf(configFolder: string, { server, user }: Owner): string {
  // The words before the names keep a user who is called ".." out of other folders.
  return join(configFolder, 'cache', `at ${encodeURIComponent(server)}`, `of ${encodeURIComponent(user)}`);
}

function isCandidate(value: unknown): value is Candidate {
  const { value: text, description } = (value ?? {}) as Partial<Candidate>;
  return typeof text === 'string' && typeof description === 'string';
}

function knownFrom(text: string): KnownValues | undefined {
  const { atMs, candidates } = JSON.parse(text) as Partial<KnownValues>;
  return typeof atMs === 'number' && Array.isArray(candidates) && candidates.every(isCandidate)
    ? { atMs, candidates }
    : undefined;
}

/** Writes a file that only its owner can read, whole or not at all. What is lost in a crash is found again. */
async function writeLightly(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, text, { mode: 0o600 });
    await rename(temporary, path);
  } catch {
    await rm(temporary, { force: true });
  }
}

export function openCache(configFolder: string, owner: Owner): Cache {
  const folder = folderOf(configFolder, owner);
  const pathOf = (kind: LiveKind, ending: string) => join(folder, `${kind}.${ending}`);
  return {
    async read(kind) {
      try {
        return knownFrom(await readFile(pathOf(kind, 'json'), 'utf8'));
      } catch {
        return undefined;
      }
    },
    async write(kind, values) {
      await makePrivateFolder(folder).catch(() => undefined);
      await writeLightly(pathOf(kind, 'json'), JSON.stringify(values));
    },
    async begin(kind, nowMs, withinMs) {
      const path = pathOf(kind, 'begun');
      const begun = await stat(path).catch(() => undefined);
      if (begun && Math.abs(nowMs - begun.mtimeMs) < withinMs) {
        return false;
      }
      await makePrivateFolder(folder).catch(() => undefined);
      await writeLightly(path, '');
      return true;
    },
  };
}

/** Forgets what was kept for a user. */
export async function forgetCache(configFolder: string, owner: Owner): Promise<void> {
  await rm(folderOf(configFolder, owner), { recursive: true, force: true }).catch(() => undefined);
}
