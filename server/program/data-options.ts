import type { Command } from 'commander';

/** Where the books are, as every command on them is told. */
export function addDataOptions(command: Command): Command {
  return command
    .option('--data <folder>', 'where the database, the certificate and its key are kept (PAY_DATA_DIR)')
    .option(
      '--database-url <path>',
      'the database file (PAY_DATABASE_URL; default pay.db in the data folder)',
    );
}
