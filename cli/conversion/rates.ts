import type { Command } from 'commander';
import type { CurrencyListJson } from '../../server/features/conversion/wire.js';
import { tooOldDays } from '../../server/money/rate-table.js';
import type { CurrencyJson } from '../../server/money/wire.js';
import type { Run, Start } from '../command.js';
import { withExamples } from '../help/help.js';
import { addDisplayFlags, type DisplayOptions } from '../terminal/display-options.js';
import { showList } from '../terminal/show.js';
import type { Column } from '../terminal/table.js';
import { joined, type Shown } from '../terminal/text/shown.js';

/** The date of the rates, where they come from, and that they are old where they are. */
function provenance({ ratesAsOf, source }: CurrencyListJson, now: Date): Shown {
  const days = tooOldDays(ratesAsOf, now);
  const age = days === undefined ? [] : [`They are ${days} days old.`];
  return joined([`Rates of ${ratesAsOf}.`, `Source: ${source}.`, ...age], '\n');
}

const rates: Run<DisplayOptions> = async (context, _operands, options) => {
  const api = await context.api();
  const answer = await api.call('GET /v1/currencies', {
    isAnonymous: true,
  });
  const columns: Column<CurrencyJson>[] = [
    { header: 'code', people: ({ code }) => code },
    { header: `for 1 ${answer.base}`, people: ({ rate }) => rate ?? '–', align: 'point' },
    { header: 'decimals', people: ({ digits }) => String(digits), align: 'right' },
    { header: 'name', people: ({ name }) => name, mayShrink: true },
  ];
  const list = {
    rows: answer.data,
    columns,
    machine: ({ code, name, rate, digits }: CurrencyJson) => [code, rate ?? '', String(digits), name],
    names: ['code', 'rate', 'digits', 'name'],
    empty: 'The server has no currencies.',
  };
  await showList(context, list, options);
  if (context.stdout.isTerminal) {
    await context.say(context.stderr.pen.dim(provenance(answer, context.now())));
  }
};

export function define(command: Command, start: Start): void {
  withExamples(command, ['pay rates', 'pay rates --json --fields code,rate']);
  addDisplayFlags(command).action(start(rates));
}
