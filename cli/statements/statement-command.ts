import { type Command, Option } from 'commander';
import type { Run, Start } from '../command.js';
import type { Context } from '../context.js';
import { withExamples, withNotes } from '../help/help.js';
import { checkFormat } from '../lists/show-list-as.js';
import { show } from '../terminal/show.js';
import { asItStands } from '../terminal/text/shown.js';
import { ownSource } from './sources.js';
import { makeStatement, type Statement, statementJson } from './statement.js';
import { movementCells, statementCsv } from './statement-csv.js';
import { statementPeriod } from './statement-period.js';
import { statementText } from './statement-text.js';

export const statementFormats = ['text', 'html', 'csv'] as const;
export type StatementFormat = (typeof statementFormats)[number];

/** A statement in a format, whoever reads it. */
export async function writtenStatement(
  context: Context,
  statement: Statement,
  format: StatementFormat,
): Promise<string> {
  if (format === 'html') {
    const { statementHtml } = await import('./statement-html.js');
    return statementHtml(statement, context.locale);
  }
  return format === 'csv' ? statementCsv(statement) : (await statementText(context, statement)).text;
}

const statement: Run<{ readonly format?: StatementFormat }> = async (context, [period], { format }) => {
  const { since, until } = statementPeriod(period, context.now());
  if (format !== undefined) {
    checkFormat(context, format);
  }
  const made = await makeStatement(await ownSource(context), { since, until });
  if (format !== undefined) {
    await context.stdout.write(asItStands(await writtenStatement(context, made, format)));
    return;
  }
  await show(context, {
    json: statementJson(made),
    people: () => statementText(context, made),
    machine: () => made.movements.map(movementCells),
  });
};

export function define(command: Command, start: Start): void {
  withExamples(command, [
    'pay statement                                   last month',
    'pay statement 2026-10 --format html > october.html      to read, to print, to keep',
    'pay statement this-year --format csv > year.csv',
    'pay statement yesterday',
  ]);
  withNotes(command, [
    'It begins with what you had and ends with what the ledger says was left. The HTML is one file that needs nothing else; print it from any browser.',
  ]);
  command
    .argument('[period]', 'a day, month or year such as 2026-10, or a word such as last-month (last-month)')
    .addOption(new Option('--format <format>', 'how to write it').choices(statementFormats))
    .action(start(statement));
}
