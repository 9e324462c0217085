import { moveBooks } from '../../db/operate/move/move-books.js';
import { shownPlace } from '../../db/postgres/place.js';
import { readPlace, readSettings } from '../read-settings.js';
import type { ServerFlags } from '../settings.js';
import { makeProgress } from './command/progress.js';
import type { ServerCommandContext, ServerProgram } from './command/server-command.js';
import { addSettings, dataSettings } from './command/setting-options.js';
import { stopSignal } from './command/stop-signal.js';

const toOption = '--to';

type MoveFlags = Pick<ServerFlags, 'data' | 'databaseUrl'> & { readonly to: string };

export function addMove({ program, context, act }: ServerProgram): void {
  addSettings(
    program
      .command('move')
      .description(
        'bring the books to another database, of SQLite or PostgreSQL; the servers must be stopped',
      )
      .requiredOption(
        `${toOption} <place>`,
        'where to: a file that is not there yet, or an empty database of PostgreSQL (postgres://user@host/database)',
      ),
    dataSettings,
  ).action(act((flags: MoveFlags) => move(flags, context)));
}

async function move({ to, ...flags }: MoveFlags, context: ServerCommandContext): Promise<number> {
  const { databasePath } = readSettings(flags, context.environment);
  const target = readPlace(toOption, to);
  const progress = makeProgress({ stream: context.stderr, what: 'moving the books' });
  const { payments, newestHash } = await moveBooks({
    from: databasePath,
    to: target,
    toOption,
    signal: stopSignal(context),
    onProgress: progress.tell,
  }).finally(progress.end);
  const newest = newestHash === undefined ? '' : `; hash of the newest: ${newestHash}`;
  context.stdout.write(
    `${shownPlace(target)} holds the books now, each row as it was (payments: ${payments}${newest}).\n` +
      `Start the server with it as PAY_DATABASE_URL. ${shownPlace(databasePath)} is as it was: put it away, so that nobody goes on with it.\n`,
  );
  return 0;
}
