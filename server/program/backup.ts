import { resolve } from 'node:path';
import { backUpDatabase } from '../../db/operate/back-up-database.js';
import { readSettings } from '../read-settings.js';
import type { ServerFlags } from '../settings.js';
import { readIdentity } from '../tls/identity.js';
import { makeProgress } from './progress.js';
import type { ServerCommandContext, ServerProgram } from './server-command.js';
import { addSettings, dataSettings } from './setting-options.js';
import { stopSignal } from './stop-signal.js';
import { verifyBooks } from './verify-books.js';

type BackupFlags = Pick<ServerFlags, 'data' | 'databaseUrl'>;

const advice =
  'Nothing was kept. See all with pay-server check; to keep a copy all the same, stop the server and copy the data folder.';

export function addBackup({ program, context, act }: ServerProgram): void {
  addSettings(
    program
      .command('backup')
      .argument('<file>', 'where the backup goes; it must not be there yet')
      .description('write the books and the server’s key into one file, while payments flow, and check it'),
    dataSettings,
  ).action(act((file: string, flags: BackupFlags) => backUp(file, flags, context)));
}

async function backUp(file: string, flags: BackupFlags, context: ServerCommandContext): Promise<number> {
  const { databasePath, dataDir } = readSettings(flags, context.environment);
  const { stderr } = context;
  const signal = stopSignal(context);
  const target = resolve(file);
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
      payments = (await verifyBooks(copy, { stderr, signal, advice })).payments;
    },
  }).finally(progress.end);
  const key = files.length > 0 ? ", and the server's key" : '';
  context.stdout.write(
    `${target} holds the books, checked (payments: ${payments})${key}. Keep it as safe as the data folder.\n`,
  );
  return 0;
}
