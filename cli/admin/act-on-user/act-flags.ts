import type { Command } from 'commander';

/** The flags of every act of an administrator. */
export function addActFlags(command: Command): Command {
  return command
    .option('-r, --reason <text>', 'why; it is kept in the audit trail')
    .option('-y, --yes', 'do not ask');
}
