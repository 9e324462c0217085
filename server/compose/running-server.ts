import { readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { isLockHeld } from '../../db/files/file-lock.js';

/** A running server as it was started. */
export interface ServerAbout {
  readonly version: string;
  readonly url: string;
  /** `host:port` of the timestamp service that it asks. */
  readonly time: string;
  /** Its database as it is shown, without a password; versions before this one do not say it. */
  readonly database?: string;
  /** The settings that it was given, but for where the books are, by their variables. */
  readonly settings: Readonly<Record<string, string>>;
}

/** The file that a running server leaves beside its database for the commands that speak to it. */
export interface RunningState {
  readonly pid: number;
  /** The server as it was started; older versions do not say it. */
  readonly about?: ServerAbout;
  /** How often it has read its currencies and rates again. */
  readonly reloads: number;
  /** The result of the last time that it has read them. */
  readonly last: { readonly isDone: boolean; readonly text: string } | null;
}

const fileOf = (path: string) => `${path}.running`;

/** Replaces the state that was left before, at once and as a whole. */
export async function writeRunning(path: string, state: RunningState): Promise<void> {
  const draft = `${fileOf(path)}.new`;
  await writeFile(draft, JSON.stringify(state), { mode: 0o600 });
  await rename(draft, fileOf(path));
}

/** The state that a server has left; undefined where there is nothing. */
export async function readRunning(path: string): Promise<RunningState | undefined> {
  try {
    return JSON.parse(await readFile(fileOf(path), 'utf8'));
  } catch {
    return undefined;
  }
}

/** The state of the server that runs on these books; undefined where none runs, whatever a dead one has left. */
export async function findRunning(path: string): Promise<RunningState | undefined> {
  // The lock stands beside the file itself, wherever a link to it is.
  const file = await realpath(path).catch(() => path);
  return (await isLockHeld(`${file}.lock`)) ? await readRunning(path) : undefined;
}

export const removeRunning = (path: string): Promise<void> => rm(fileOf(path), { force: true });
