import { resolve } from 'node:path';
import { refuseUsedFolder, restoreDatabase } from '../../db/operate/restore-database.js';
import { readSettings } from '../read-settings.js';
import type { ServerFlags } from '../settings.js';
import { identityTraces, placeIdentity } from '../tls/identity.js';
import { makeProgress } from './command/progress.js';
import type { ServerCommandContext, ServerProgram } from './command/server-command.js';
import { addSettings, dataSettings } from './command/setting-options.js';
import { refusePostgres } from './command/sqlite-alone.js';
import { stopSignal } from './command/stop-signal.js';
import { verifyBooks } from './command/verify-books.js';

type RestoreFlags = Pick<ServerFlags, 'data' | 'databaseUrl'>;

const advice = 'Nothing was restored. Take an older backup.';

const postgresAdvice =
  'Restore them by PostgreSQL’s own tools: createdb pay, then pg_restore --exit-on-error --dbname=pay pay.dump; check them with pay-server check before the server is started.';

export function addRestore({ program, context, act }: ServerProgram): void {
  addSettings(
    program
      .command('restore')
      .argument('<file>', 'a backup')
      .description('put a backup into an empty data folder, and check it; then start the server on it'),
    dataSettings,
  ).action(act((file: string, flags: RestoreFlags) => restore(file, flags, context)));
}

async function restore(file: string, flags: RestoreFlags, context: ServerCommandContext): Promise<number> {
  const { databasePath, dataDir } = readSettings(flags, context.environment);
  refusePostgres(databasePath, postgresAdvice);
  const { stderr } = context;
  const signal = stopSignal(context);
  const progress = makeProgress({ stream: stderr, what: 'copying' });
  await refuseUsedFolder(dataDir, databasePath, identityTraces);
  let payments = 0;
  await restoreDatabase({
    source: resolve(file),
    file: databasePath,
    signal,
    onProgress: progress.tell,
    async verify(copy) {
      progress.end();
      payments = (await verifyBooks(copy, { stderr, signal, advice })).payments;
    },
    placeFiles: (files) => placeIdentity(dataDir, files),
  }).finally(progress.end);
  context.stdout.write(
    `${databasePath} holds the books again, checked (payments: ${payments}). Start the server on it.\n`,
  );
  return 0;
}
