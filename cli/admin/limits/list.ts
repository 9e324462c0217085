import type { LimitJson } from '../../../server/features/limits/wire.js';
import type { Run } from '../../command.js';
import { type ListOptions, showListAs } from '../../lists/show-list-as.js';
import type { Column } from '../../terminal/table.js';
import { checkUsers } from '../act-on-user/ask-user.js';
import { figureText, limitCellNames, limitCells, limitHolder } from './limit-text.js';

export interface LimitsOptions extends ListOptions {
  readonly user?: string;
}

function columnsOf(locale: string | undefined): Column<LimitJson>[] {
  return [
    { header: 'may pay', people: limitHolder, mayShrink: true },
    { header: 'at once', people: ({ perPayment }) => figureText(perPayment, locale), align: 'right' },
    { header: 'in 24 hours', people: ({ perDay }) => figureText(perDay, locale), align: 'right' },
  ];
}

export const list: Run<LimitsOptions> = async (context, _operands, options) => {
  await checkUsers(context, options.user);
  const wanted = {
    list: 'GET /v1/admin/limits' as const,
    query: { user: options.user },
    things: 'limits',
    columns: () => columnsOf(context.locale),
    cells: limitCells,
    names: limitCellNames,
    empty: 'Nothing is limited. Set a limit: pay admin limits set',
  };
  await showListAs(context, wanted, options);
};
