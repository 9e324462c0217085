import { type MigrationStatus, readMigrationStatus } from '../../db/open/migration-status.js';
import { holdDatabase } from '../../db/open/open-database.js';
import { shownPlace } from '../../db/postgres/place.js';
import { readSettings } from '../read-settings.js';
import type { ServerFlags } from '../settings.js';
import { readIdentity } from '../tls/identity.js';
import type { ServerCommandContext, ServerProgram } from './server-command.js';
import { addSettings, dataSettings } from './setting-options.js';

type MigrateFlags = Pick<ServerFlags, 'data' | 'databaseUrl'> & { readonly status?: true };

export function addMigrate({ program, context, act }: ServerProgram): void {
  addSettings(
    program
      .command('migrate')
      .description('bring the database up to date, as a start does; the server must be stopped'),
    dataSettings,
  )
    .option('--status', 'say what is applied and what is pending; nothing is changed')
    .action(act((flags: MigrateFlags) => migrate(flags, context)));
}

function statusText({ applied, pending }: MigrationStatus): string {
  const lines = [...applied.map((name) => `applied  ${name}`), ...pending.map((name) => `pending  ${name}`)];
  return lines.map((line) => `${line}\n`).join('');
}

async function migrate({ status, ...flags }: MigrateFlags, context: ServerCommandContext): Promise<number> {
  const { databasePath, dataDir } = readSettings(flags, context.environment);
  const found = await readMigrationStatus(databasePath);
  if (status) {
    context.stdout.write(statusText(found));
    return 0;
  }
  const held = await holdDatabase(databasePath, await readIdentity(dataDir));
  const place = shownPlace(held.file);
  await held.release();
  context.stdout.write(
    held.applied.length === 0
      ? `${place} is up to date.\n`
      : held.copy === undefined
        ? `${place} was brought up to date (${held.applied.join(', ')}).\n`
        : `${place} was brought up to date (${held.applied.join(', ')}). As it was it is kept in ${held.copy}; remove that when all is well.\n`,
  );
  return 0;
}
