import { Command, CommanderError } from 'commander';
import { readVersion } from '../version.js';
import { addAcceptLostLog } from './accept-lost-log.js';
import { addAdminCreate } from './admin-create.js';
import { addBackup } from './backup.js';
import { addCheck } from './check.js';
import { addDoctor } from './doctor.js';
import { failureOf } from './failure.js';
import { addMigrate } from './migrate.js';
import { addMove } from './move.js';
import { addRatesReload } from './rates-reload.js';
import { addRestore } from './restore.js';
import type { ServerCommandContext, ServerProgram } from './server-command.js';
import { addStart } from './start.js';
import { addUpgrade } from './upgrade.js';
import { addUpgradeCheck } from './upgrade-check.js';

/** The commands of `pay-server`, in the order of its help. */
const commands: readonly ((program: ServerProgram) => void)[] = [
  addStart,
  addAdminCreate,
  addCheck,
  addDoctor,
  addRatesReload,
  addBackup,
  addRestore,
  addUpgradeCheck,
  addUpgrade,
  addMigrate,
  addMove,
  addAcceptLostLog,
];

/**
 * `pay-server`. Gives the exit status: 0 when all is done, or when a server was asked to end; 1 when it cannot be done,
 * start or go on; 2 for arguments or settings that are wrong.
 */
export async function runPayServer(args: readonly string[], context: ServerCommandContext): Promise<number> {
  let status = 0;
  // Whoever read what it says may be gone, or the disk full that it is written to: no reason to let down those who pay.
  context.stdout.on?.('error', () => {});
  context.stderr.on('error', () => {});
  const program = payServerProgram(context, (work) => async (...given) => {
    // Whatever is made here holds money or keys: for this user's eyes only.
    process.umask(0o077);
    status = await work(...given);
  });
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    return failed(error, context);
  }
  return status;
}

/** The program with its commands, which do what `act` makes of their work. */
export function payServerProgram(context: ServerCommandContext, act: ServerProgram['act']): Command {
  const program = new Command('pay-server')
    .description('The API server of pay, with its ledger and its timestamp service.')
    .version(readVersion())
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(text),
    });
  for (const add of commands) {
    add({ program, context, act });
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
  context.stderr.write(`pay-server: ${failure.message}\n`);
  return failure.status;
}
