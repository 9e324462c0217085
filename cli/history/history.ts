import type { Command } from 'commander';
import type { PaymentJson } from '../../server/features/payments/wire.js';
import { ownCurrency } from '../account/find-me.js';
import { limitOf, sayMore } from '../api/fetch-list.js';
import { paymentShape } from '../api/shapes.js';
import type { Run, Start } from '../command.js';
import { Failure } from '../failure/failure.js';
import { withExamples } from '../help/help.js';
import { addListFlags, checkFormat, type ListOptions, showListAs } from '../lists/show-list-as.js';
import { emptyWith } from '../people/empty-with.js';
import { addHistoryFlags } from './history-flags.js';
import { type HistoryFilters, historyQuery, withTypedAmounts } from './history-query.js';
import { partyNames, paymentCellNames, paymentCells, paymentColumns } from './payment-text.js';
import { type AccountFormat, accountFormats, writeAccounts } from './write-accounts.js';

interface HistoryOptions extends HistoryFilters, Omit<ListOptions, 'format'> {
  readonly format?: ListOptions['format'] | AccountFormat;
  /** Commander's word for a flag that begins with `--no-`: false where it is given. */
  readonly declarations: boolean;
}

function isOfAccounts(format: HistoryOptions['format']): format is AccountFormat {
  return format !== undefined && (accountFormats as readonly string[]).includes(format);
}

/** @throws Failure (usage) where a format that declares nothing is to leave that out */
function checkDeclarations({ format, declarations }: HistoryOptions): void {
  if (!declarations && format !== 'ledger' && format !== 'beancount') {
    throw new Failure('usage', `--no-declarations: there are none in --format ${format ?? 'table'}.`, {
      next: ['Leave it out, or write --format ledger or beancount'],
    });
  }
}

const history: Run<HistoryOptions> = async (context, _operands, options) => {
  const { format, declarations: hasDeclarations } = options;
  checkDeclarations(options);
  const filters = await withTypedAmounts(context, options, ownCurrency(context));
  const list = { list: 'GET /v1/payments' as const, query: historyQuery(filters, context.now()) };
  if (isOfAccounts(format)) {
    checkFormat(context, format);
    const limit = limitOf(options, Number.POSITIVE_INFINITY, 'payments');
    await sayMore(context, await writeAccounts(context, list, format, { limit, hasDeclarations }));
    return;
  }
  const wanted = {
    ...list,
    things: 'payments',
    columns: async (payments: readonly PaymentJson[]) =>
      paymentColumns(context, payments, true, await partyNames(context, payments)),
    cells: paymentCells,
    names: paymentCellNames,
    empty: () => emptyWith(context, 'GET /v1/payments', options.with, 'There are no such payments.'),
  };
  const { format: _known, ...others } = options;
  await showListAs(context, wanted, { ...others, ...(format !== undefined && { format }) });
};

export function define(command: Command, start: Start): void {
  withExamples(command, [
    'pay history',
    'pay history --with bob --since 7d',
    'pay history --period 2026-10',
    'pay history --direction received --min 100 --search rent',
    'pay history --format csv > payments.csv        the whole history, for a spreadsheet',
    'pay history --format ledger > pay.journal      for Ledger and hledger; also beancount and ofx',
    "pay history --jq '.[].id'",
  ]);
  addListFlags(addHistoryFlags(command), accountFormats)
    .option('--no-declarations', 'ledger, beancount: leave accounts and currencies to another file')
    .action(start(history, paymentShape));
}
