import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exists, makeFolder } from '../../db/files/data-folder.js';
import { storageProblem } from '../../db/open/inspect.js';
import { readMigrationStatus } from '../../db/open/migration-status.js';
import { holdDatabase } from '../../db/open/open-database.js';
import { shownPlace } from '../../db/postgres/place.js';
import { readSettings } from '../read-settings.js';
import type { ServerFlags } from '../settings.js';
import { readIdentity } from '../tls/identity.js';
import { CommandProblem } from './command/command-problem.js';
import type { ServerCommandContext, ServerProgram } from './command/server-command.js';
import { addSettings, dataSettings } from './command/setting-options.js';
import { verifyBooks } from './command/verify-books.js';

type UpgradeFlags = Pick<ServerFlags, 'data' | 'databaseUrl'>;

export function addUpgrade({ program, context, act }: ServerProgram): void {
  addSettings(
    program
      .command('upgrade')
      .description(
        'with the new version, while the server is stopped: keep the database as it is, bring it up to date, check the books',
      ),
    dataSettings,
  ).action(act((flags: UpgradeFlags) => upgrade(flags, context)));
}

/** The way back, as long as nobody has paid. */
const wayBack = (copy: string | undefined) =>
  copy === undefined
    ? 'To go back, restore what was kept before it was brought up to date (pay.db.before-…, of PostgreSQL a dump), with the version before.'
    : `To go back, with the version before:\npay-server restore ${copy} --data <an empty folder>`;

/** Aborted when the process is asked to end while it checks. */
function interrupted({ stopAsked }: ServerCommandContext): AbortSignal {
  const controller = new AbortController();
  const reason =
    'Interrupted. It is brought up to date, but not checked: run pay-server upgrade again before the server is started.';
  void stopAsked().then(() => controller.abort(new CommandProblem(130, reason)));
  return controller.signal;
}

/**
 * A file that stands from before the books are brought up to date until they are found right, so that an upgrade that was interrupted,
 * or found them wrong, is not taken for done when it is repeated.
 */
const uncheckedMark = (dataDir: string) => join(dataDir, 'upgrade-unchecked');

async function makeMark(mark: string, dataDir: string): Promise<void> {
  await makeFolder(dataDir);
  await writeFile(mark, '', { mode: 0o600 }).catch((error) => {
    throw storageProblem(mark, error);
  });
}

/** What was done: a database that was empty has no migration applied to it, but its tables made. */
function doneText(place: string, pending: readonly string[], applied: readonly string[]): string {
  if (applied.length > 0) {
    return `Brought up to date: ${place} (${applied.join(', ')})`;
  }
  return pending.length > 0
    ? `Its tables were made, for it was empty: ${place}`
    : `Brought up to date before, and not checked then: ${place}`;
}

async function upgrade(flags: UpgradeFlags, context: ServerCommandContext): Promise<number> {
  const { databasePath, dataDir } = readSettings(flags, context.environment);
  const place = shownPlace(databasePath);
  const { pending } = await readMigrationStatus(databasePath);
  const mark = uncheckedMark(dataDir);
  if (pending.length === 0 && !(await exists(mark))) {
    context.stdout.write(`${place} is up to date: there is nothing to do.\n`);
    return 0;
  }
  await makeMark(mark, dataDir);
  const held = await holdDatabase(databasePath, await readIdentity(dataDir));
  await held.release();
  const { copy } = held;
  if (copy !== undefined) {
    context.stdout.write(`Kept as it was, with the server’s keys: ${copy}\n`);
  }
  const { stderr } = context;
  const back = wayBack(copy);
  const signal = interrupted(context);
  const { payments } = await verifyBooks(databasePath, { stderr, signal, advice: back });
  await rm(mark);
  context.stdout.write(
    `${doneText(place, pending, held.applied)}\nChecked: payments ${payments}, all is right.\nStart the server. ${back}\n`,
  );
  return 0;
}
