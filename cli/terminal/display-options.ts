import { type Command, Option } from 'commander';
import { Failure } from '../failure/failure.js';
import type { Output } from './output.js';

/** The options of how a list is shown, where that is not what its reader usually gets. */
export interface DisplayOptions {
  readonly table?: true;
  readonly tsv?: true;
  readonly columns?: string;
  /** False where no pager is wanted. */
  readonly pager?: boolean;
}

/** The flags that every list takes. */
export function addDisplayFlags(command: Command): Command {
  return command
    .addOption(new Option('--table', 'write a table for people, to a pipe as well').conflicts('tsv'))
    .option('--tsv', 'write rows of cells separated by tabs, on a terminal as well')
    .option('--columns <names>', 'only these columns, in this order, separated by commas')
    .option('--no-pager', 'never open a pager, however long it is');
}

/** The format that a list is written in: JSON, a table for people, or rows of cells for programs. @throws Failure (usage) */
export function formatOf(
  { stdout, isJson }: Pick<Output, 'stdout' | 'isJson'>,
  { table, tsv, columns }: DisplayOptions,
): 'json' | 'table' | 'rows' {
  if (!isJson) {
    return table || (stdout.isTerminal && !tsv) ? 'table' : 'rows';
  }
  const [flag] = [
    ...(table ? ['--table'] : []),
    ...(tsv ? ['--tsv'] : []),
    ...(columns ? ['--columns'] : []),
  ];
  if (flag !== undefined) {
    throw new Failure('usage', `${flag} is not JSON, which --json, --fields and --jq ask for.`, {
      next: ['Leave one of them out; what is wanted of JSON says --fields'],
    });
  }
  return 'json';
}
