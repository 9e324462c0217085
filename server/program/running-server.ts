import { readFile, rename, rm, writeFile } from 'node:fs/promises';

/** The file that a running server leaves beside its database for the commands that speak to it. */
export interface RunningState {
  readonly pid: number;
  /** How often it has read its currencies and rates again. */
  readonly reloads: number;
  /** What came of the last time. */
  readonly last: { readonly isDone: boolean; readonly text: string } | null;
}

const fileOf = (path: string) => `${path}.running`;

/** Replaces what was left before, at once and as a whole. */
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

export const removeRunning = (path: string): Promise<void> => rm(fileOf(path), { force: true });
