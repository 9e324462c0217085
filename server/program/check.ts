import { checkDatabaseFile } from '../features/books/check-database.js';
import { booksReport } from '../features/books/report.js';
import { readSettings } from '../read-settings.js';
import type { ServerFlags } from '../settings.js';
import { CommandProblem } from './command/command-problem.js';
import { makeProgress } from './command/progress.js';
import type { ServerCommandContext, ServerProgram } from './command/server-command.js';
import { addSettings, dataSettings } from './command/setting-options.js';

type CheckFlags = Pick<ServerFlags, 'data' | 'databaseUrl'> & { readonly json?: true };

export function addCheck({ program, context, act }: ServerProgram): void {
  addSettings(
    program
      .command('check')
      .description('check the books, beside a running server or without one; nothing is changed'),
    dataSettings,
  )
    .option('--json', 'what was found as one JSON object')
    .action(act((flags: CheckFlags) => check(flags, context)));
}

async function check({ json, ...flags }: CheckFlags, context: ServerCommandContext): Promise<number> {
  const { databasePath } = readSettings(flags, context.environment);
  const controller = new AbortController();
  void context.stopAsked().then(() => controller.abort());
  const progress = makeProgress({ stream: context.stderr, what: 'checking the books' });
  try {
    const books = await checkDatabaseFile(databasePath, {
      onProgress: progress.tell,
      signal: controller.signal,
    }).finally(progress.end);
    context.stdout.write(json ? `${JSON.stringify(books)}\n` : booksReport(books));
    return books.balanced ? 0 : 1;
  } catch (error) {
    if (!controller.signal.aborted) {
      throw error;
    }
    throw new CommandProblem(130, 'Interrupted. Whether the books are right is not known.');
  }
}
