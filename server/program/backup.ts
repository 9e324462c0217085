import { basename, resolve } from 'node:path';
import { backUpDatabase } from '../../db/operate/back-up-database.js';
import { type BackupNote, writeBackupNote } from '../../db/operate/backup-note.js';
import { readSettings } from '../read-settings.js';
import type { ServerFlags } from '../settings.js';
import { readIdentity } from '../tls/identity.js';
import { retention } from './backup-rotation.js';
import { CommandProblem } from './command/command-problem.js';
import { failureOf } from './command/failure.js';
import { makeProgress } from './command/progress.js';
import type { ServerCommandContext, ServerProgram } from './command/server-command.js';
import { addSettings, dataSettings } from './command/setting-options.js';
import { refusePostgres } from './command/sqlite-alone.js';
import { stopSignal } from './command/stop-signal.js';
import { verifyBooks } from './command/verify-books.js';
import { nextBackupFile, rotateBackups, runAfterBackup } from './rotated-backup.js';

interface BackupFlags extends Pick<ServerFlags, 'data' | 'databaseUrl'> {
  readonly rotate?: string;
  readonly then?: string;
}

/**
 * How far, of twenty steps, all up to the copy is put back, and then the check of the copy. As long as it copies, the server's log
 * cannot be begun anew, so that it has to get on; the check goes on with what others leave of the machine.
 */
const stepsBack = { copy: 5, check: 14 };

const advice =
  'Nothing was kept. See all with pay-server check; to keep a copy all the same, stop the server and copy the data folder.';

const postgresAdvice =
  'Back them up by PostgreSQL’s own tools: pg_dump --format=custom --file=pay.dump DATABASE, or base backups with its log; and keep a copy of the data folder with the server’s key.';

export function addBackup({ program, context, act }: ServerProgram): void {
  addSettings(
    program
      .command('backup')
      .argument('[file]', 'where the backup goes; it must not be there yet')
      .description('write the books and the server’s keys into one file, while payments flow, and check it'),
    dataSettings,
  )
    .option(
      '--rotate <folder>',
      `in place of a file: make one there under a name with the time, and then keep the newest of ${retention.days} days, ${retention.weeks} weeks and ${retention.months} months`,
    )
    .option('--then <command>', 'what a shell runs after it, to send $PAY_BACKUP elsewhere')
    .action(act((file: string | undefined, flags: BackupFlags) => backUp(file, flags, context)));
}

async function backUp(
  file: string | undefined,
  flags: BackupFlags,
  context: ServerCommandContext,
): Promise<number> {
  context.stepBack?.(stepsBack.copy);
  const { databasePath, dataDir } = readSettings(flags, context.environment);
  refusePostgres(databasePath, postgresAdvice);
  if ((file === undefined) === (flags.rotate === undefined)) {
    throw new CommandProblem(2, 'Name the file of the backup, or with --rotate the folder of them.');
  }
  try {
    const target = resolve(file ?? (await nextBackupFile(resolve(flags.rotate ?? ''))));
    await writeBackup(target, { databasePath, dataDir }, context);
    await sendAndRotate(target, flags, context);
    await note(databasePath, { good: { atMs: Date.now(), file: target }, problem: null }, context);
    return 0;
  } catch (error) {
    const problem = failureOf(error)?.message ?? String(error);
    await note(databasePath, { problem }, context);
    throw error;
  }
}

/** Notes how a backup went. What cannot be noted is no reason to fail; who watches sees that the newest good one grows old. */
async function note(
  databasePath: string,
  said: Partial<BackupNote>,
  { stderr }: ServerCommandContext,
): Promise<void> {
  await writeBackupNote(databasePath, said).catch(({ message }: Error) =>
    stderr.write(`pay-server: the server’s metrics will not tell of this backup: ${message}\n`),
  );
}

async function sendAndRotate(
  target: string,
  { rotate, then }: BackupFlags,
  { stdout, environment }: ServerCommandContext,
): Promise<void> {
  // A service file whose variable is empty gives an empty word.
  if (then !== undefined && then !== '') {
    stdout.write(await runAfterBackup(then, target, environment));
  }
  if (rotate !== undefined) {
    const removed = await rotateBackups(resolve(rotate), basename(target));
    stdout.write(removed.map((name) => `${name} was removed: newer ones stand for its time.\n`).join(''));
  }
}

async function writeBackup(
  target: string,
  { databasePath, dataDir }: { readonly databasePath: string; readonly dataDir: string },
  context: ServerCommandContext,
): Promise<void> {
  const { stderr } = context;
  const signal = stopSignal(context);
  const progress = makeProgress({ stream: stderr, what: 'copying' });
  const files = await readIdentity(dataDir);
  let payments = 0;
  await backUpDatabase({
    source: databasePath,
    target,
    files,
    signal,
    onProgress: progress.tell,
    async verify(copy) {
      progress.end();
      // The copy is made, and nobody waits for its check: it would take from a server here a processor of its own for as long as it lasts.
      context.stepBack?.(stepsBack.check);
      payments = (await verifyBooks(copy, { stderr, signal, advice })).payments;
    },
  }).finally(progress.end);
  const keys = files.length > 0 ? ", and the server's keys" : '';
  context.stdout.write(
    `${target} holds the books, checked (payments: ${payments})${keys}. Keep it as safe as the data folder.\n`,
  );
}
