import { execFile } from 'node:child_process';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DatabaseProblem } from '../../db/files/database-problem.js';
import { backupName, superfluousBackups } from './backup-rotation.js';
import { CommandProblem } from './command-problem.js';

/** The path of a backup of this moment. Throws DatabaseProblem where the folder cannot be made. */
export async function nextBackupFile(folder: string): Promise<string> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new DatabaseProblem(
      `The folder ${folder} cannot be made (${(error as NodeJS.ErrnoException).code}). Make it, or choose another.`,
      { cause: error },
    );
  }
  return join(folder, backupName(new Date()));
}

/** Removes the backups that no day, week or month keeps; gives their names. */
export async function rotateBackups(folder: string): Promise<readonly string[]> {
  const superfluous = superfluousBackups(await readdir(folder));
  for (const name of superfluous) {
    await rm(join(folder, name), { force: true });
  }
  return superfluous;
}

/** How long the operator's command may take: long enough to send a large file over a slow line. */
const patienceMs = 6 * 60 * 60 * 1_000;

/** Runs the operator's command in a shell, with the backup's path as $PAY_BACKUP. Throws CommandProblem where it fails. */
export async function runAfterBackup(
  command: string,
  file: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)('/bin/sh', ['-c', command], {
      env: { ...environment, PAY_BACKUP: file },
      timeout: patienceMs,
    });
    return stdout;
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    throw new CommandProblem(
      1,
      `${file} is made and checked, but the command after it failed: ${stderr?.trim() || message.trim()}`,
    );
  }
}
