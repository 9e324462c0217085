import { Command, CommanderError } from 'commander';
import { readVersion } from '../version.js';
import { typedAs, usualName } from './command/as-called.js';
import { failureOf } from './command/failure.js';
import type { ServerCommandContext, ServerProgram } from './command/server-command.js';

type Add = (program: ServerProgram) => void;

/** The commands of `pay-server` by their first word, in the order of its help: each is loaded when it is called. */
const commands: ReadonlyMap<string, () => Promise<Add>> = new Map([
  ['start', async () => (await import('./start.js')).addStart],
  ['admin', async () => (await import('./admin-create.js')).addAdminCreate],
  ['check', async () => (await import('./check.js')).addCheck],
  ['doctor', async () => (await import('./doctor.js')).addDoctor],
  ['rates', async () => (await import('./rates-reload.js')).addRatesReload],
  ['backup', async () => (await import('./backup.js')).addBackup],
  ['restore', async () => (await import('./restore.js')).addRestore],
  ['upgrade-check', async () => (await import('./upgrade-check.js')).addUpgradeCheck],
  ['upgrade', async () => (await import('./upgrade.js')).addUpgrade],
  ['migrate', async () => (await import('./migrate.js')).addMigrate],
  ['move', async () => (await import('./move.js')).addMove],
  ['accept-lost-log', async () => (await import('./accept-lost-log.js')).addAcceptLostLog],
]);

/** The words to be read: of a command that there is not its name alone, for help with it cannot be had either. */
function wordsToRead(args: readonly string[]): readonly string[] {
  const name = args[0] === 'help' ? args[1] : args[0];
  const isUnknown = name !== undefined && !name.startsWith('-') && name !== 'help' && !commands.has(name);
  return isUnknown ? [name] : args;
}

/** What makes of a text one whose commands can be typed where the program was called. */
const typedBy = ({ calledAs }: ServerCommandContext) => typedAs(calledAs ?? usualName, commands.keys());

/** The context whose output has commands as they are typed here. */
function speaking(context: ServerCommandContext): ServerCommandContext {
  const typed = typedBy(context);
  const { stdout } = context;
  return {
    ...context,
    stdout: {
      write: (text) => stdout.write(typed(text)),
      get columns() {
        return stdout.columns;
      },
    },
  };
}

/** The command that is called, or all where help is asked for, or where what is called is none of them. */
function loadCommands(args: readonly string[]): Promise<readonly Add[]> {
  const called = commands.get(args[0] ?? '');
  const loaders = called ? [called] : [...commands.values()];
  return Promise.all(loaders.map((load) => load()));
}

/**
 * `pay-server`. Gives the exit status: 0 when all is done, or when a server was asked to end; 1 when it cannot be done,
 * start or go on; 2 for arguments or settings that are wrong.
 */
export async function runPayServer(args: readonly string[], context: ServerCommandContext): Promise<number> {
  let status = 0;
  // Whoever read what it says may be gone, or the disk full that it is written to: no reason to let down those who pay.
  context.stdout.on?.('error', () => {});
  context.stderr.on('error', () => {});
  const words = wordsToRead(args);
  const program = await payServerProgram(words, speaking(context), (work) => async (...given) => {
    // Whatever is made here holds money or keys: for this user's eyes only.
    process.umask(0o077);
    status = await work(...given);
  });
  try {
    await program.parseAsync(words, { from: 'user' });
  } catch (error) {
    return failed(error, context);
  }
  return status;
}

/** The program with the commands that these arguments need, which do what `act` makes of their work. */
export async function payServerProgram(
  args: readonly string[],
  context: ServerCommandContext,
  act: ServerProgram['act'],
): Promise<Command> {
  const program = new Command(context.calledAs ?? usualName)
    .description('The API server of pay, with its ledger and its timestamp service.')
    .version(readVersion())
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(text),
    });
  for (const add of await loadCommands(args)) {
    add({ program, context, typed: typedBy(context), act });
  }
  return program;
}

function failed(error: unknown, context: ServerCommandContext): number {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? 0 : 2;
  }
  const failure = failureOf(error);
  if (failure === undefined) {
    throw error;
  }
  context.stderr.write(`pay-server: ${typedBy(context)(failure.message)}\n`);
  return failure.status;
}
