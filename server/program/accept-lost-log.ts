import { acceptLostLog } from '../../db/operate/accept-lost-log.js';
import { readSettings } from '../read-settings.js';
import type { ServerFlags } from '../settings.js';
import type { ServerCommandContext, ServerProgram } from './command/server-command.js';
import { addSettings, dataSettings } from './command/setting-options.js';
import { refusePostgres } from './command/sqlite-alone.js';

type Flags = Pick<ServerFlags, 'data' | 'databaseUrl'>;

const postgresAdvice =
  'PostgreSQL minds its log itself, and loses nothing that it has acknowledged. Nothing was changed.';

export function addAcceptLostLog({ program, context, act }: ServerProgram): void {
  addSettings(
    program
      .command('accept-lost-log')
      .description(
        'go on without the payments that were lost with the database’s log; the server must be stopped',
      ),
    dataSettings,
  ).action(act((flags: Flags) => accept(flags, context)));
}

async function accept(flags: Flags, context: ServerCommandContext): Promise<number> {
  const { databasePath } = readSettings(flags, context.environment);
  refusePostgres(databasePath, postgresAdvice);
  const accepted = await acceptLostLog(databasePath);
  if (accepted === undefined) {
    context.stdout.write(`The log of ${databasePath} is as it should be. Nothing was changed.\n`);
    return 0;
  }
  const { file, what, copy, record } = accepted;
  context.stdout.write(
    `The log ${file}-wal ${what}. What was in it only is given up; ${record} says so${copy === undefined ? '' : `, and the log is kept as ${copy}`}. ` +
      `Run pay-server check --database-url ${file} before the server is started.\n`,
  );
  return 0;
}
