import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { DatabaseProblem } from '../../db/files/database-problem.js';
import { makeFolders } from '../../db/files/make-folders.js';
import { backupName, superfluousBackups } from './backup-rotation.js';
import { CommandProblem } from './command/command-problem.js';

/** The path of a backup of this moment. Throws DatabaseProblem where the folder cannot be made. */
export async function nextBackupFile(folder: string): Promise<string> {
  try {
    await makeFolders(folder);
  } catch (error) {
    throw new DatabaseProblem(
      `The folder ${folder} cannot be made (${(error as NodeJS.ErrnoException).code}). Make it, or choose another.`,
      { cause: error },
    );
  }
  return join(folder, backupName(new Date()));
}

/** Removes the backups that no day, week or month keeps, but not the one just made; gives their names. */
export async function rotateBackups(folder: string, made: string): Promise<readonly string[]> {
  const superfluous = superfluousBackups(await readdir(folder), made);
  for (const name of superfluous) {
    await rm(join(folder, name), { force: true });
  }
  return superfluous;
}

/** How long the operator's command may take: long enough to send a large file over a slow line. */
const patienceMs = 6 * 60 * 60 * 1_000;

/** The most that is kept of what the command says, in UTF-16 units: one that tells of its progress says much. */
const mostKept = 64 * 1024;

/** Gives the end of what a stream has said by then. */
function endOf(stream: Readable): () => string {
  let end = '';
  stream.setEncoding('utf8').on('data', (text: string) => {
    end = (end + text).slice(-mostKept);
  });
  return () => end;
}

/**
 * Runs the operator's command in a shell, with the backup's path as $PAY_BACKUP, and gives the end of what it says. Throws
 * CommandProblem where it fails.
 */
export async function runAfterBackup(
  command: string,
  file: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const shell = spawn('/bin/sh', ['-c', command], {
    env: { ...environment, PAY_BACKUP: file },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: patienceMs,
  });
  const [said, complaint] = [endOf(shell.stdout), endOf(shell.stderr)];
  const [status, signal] = await once(shell, 'close').catch(({ message }: Error) => [null, message]);
  if (status !== 0) {
    const end = status === null ? `it was ended (${signal})` : `it ended with status ${status}`;
    throw new CommandProblem(
      1,
      `${file} is made and checked, but the command after it failed: ${complaint().trim() || end}`,
    );
  }
  return said();
}
