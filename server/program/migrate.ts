import { DatabaseHeld } from '../../db/files/database-problem.js';
import { type MigrationStatus, readMigrationStatus } from '../../db/open/migration-status.js';
import { type HeldDatabase, holdDatabase } from '../../db/open/open-database.js';
import { shownPlace } from '../../db/postgres/place.js';
import { readSettings } from '../read-settings.js';
import type { ServerFlags } from '../settings.js';
import { readIdentity } from '../tls/identity.js';
import type { ServerCommandContext, ServerProgram } from './command/server-command.js';
import { addSettings, dataSettings } from './command/setting-options.js';

type MigrateFlags = Pick<ServerFlags, 'data' | 'databaseUrl'> & { readonly status?: true };

export function addMigrate({ program, context, act }: ServerProgram): void {
  addSettings(
    program
      .command('migrate')
      .description(
        'bring the database up to date, as a start does; where there is something to do, the server must be stopped',
      ),
    dataSettings,
  )
    .option('--status', 'say what is applied and what is pending; nothing is changed')
    .action(act((flags: MigrateFlags) => migrate(flags, context)));
}

function statusText({ applied, pending }: MigrationStatus): string {
  const lines = [...applied.map((name) => `applied  ${name}`), ...pending.map((name) => `pending  ${name}`)];
  return lines.map((line) => `${line}\n`).join('');
}

function outcomeText(place: string, { applied, copy }: Pick<HeldDatabase, 'applied' | 'copy'>): string {
  if (applied.length === 0) {
    return `${place} is up to date.\n`;
  }
  const done = `${place} was brought up to date (${applied.join(', ')}).`;
  return copy === undefined
    ? `${done}\n`
    : `${done} As it was it is kept in ${copy}; remove that when all is well.\n`;
}

/** Brings the database up to date, unless a server has it that has done so. */
async function bringUpToDate(databasePath: string, dataDir: string, { pending }: MigrationStatus) {
  try {
    const held = await holdDatabase(databasePath, await readIdentity(dataDir));
    await held.release();
    return held;
  } catch (error) {
    if (error instanceof DatabaseHeld && pending.length === 0) {
      return { file: databasePath, applied: [], copy: undefined };
    }
    throw error;
  }
}

async function migrate({ status, ...flags }: MigrateFlags, context: ServerCommandContext): Promise<number> {
  const { databasePath, dataDir } = readSettings(flags, context.environment);
  const found = await readMigrationStatus(databasePath);
  if (status) {
    context.stdout.write(statusText(found));
    return 0;
  }
  const done = await bringUpToDate(databasePath, dataDir, found);
  context.stdout.write(outcomeText(shownPlace(done.file), done));
  return 0;
}
