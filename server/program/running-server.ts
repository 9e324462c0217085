import { readFile, rename, rm, writeFile } from 'node:fs/promises';

/** The file that a running server leaves beside its database for the commands that speak to it. */
export interface RunningState {
  readonly pid: number;
  /** How often it has read its currencies and rates again. */
  readonly reloads: number;
  /** What came of the last time. */
  readonly last: { readonly isDone: boolean; readonly text: string } | null;
}

const fileOf = (databasePath: string) => `${databasePath}.running`;

/** Replaces what was left before, at once and as a whole. */
export async function writeRunning(databasePath: string, state: RunningState): Promise<void> {
  const draft = `${fileOf(databasePath)}.new`;
  await writeFile(draft, JSON.stringify(state), { mode: 0o600 });
  await rename(draft, fileOf(databasePath));
}

/** The state that a server has left; undefined where there is nothing. */
export async function readRunning(databasePath: string): Promise<RunningState | undefined> {
  try {
    return JSON.parse(await readFile(fileOf(databasePath), 'utf8'));
  } catch {
    return undefined;
  }
}

export const removeRunning = (databasePath: string): Promise<void> =>
  rm(fileOf(databasePath), { force: true });
