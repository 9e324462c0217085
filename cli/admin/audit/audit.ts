import { limitOf } from '../../api/fetch-list.js';
import type { Run } from '../../command.js';
import { type PeriodOptions, periodQuery } from '../../lists/period-flags.js';
import { type ListOptions, showListAs } from '../../lists/show-list-as.js';
import { checkUsers } from '../act-on-user/ask-user.js';
import { auditCellNames, auditCells, auditColumns } from './audit-text.js';
import { followAudit } from './follow-audit.js';

/** How many records stand before those that come: as many as a list shows. */
const usuallyFollowed = 20;

export interface AuditOptions extends ListOptions, PeriodOptions {
  readonly actor?: string;
  readonly action?: string;
  readonly subject?: string;
  readonly follow?: true;
}

export const audit: Run<AuditOptions> = async (context, _operands, options) => {
  const { actor, action, subject } = options;
  await checkUsers(context, actor);
  const wanted = {
    list: 'GET /v1/admin/audit' as const,
    query: {
      actor,
      action,
      subject,
      ...periodQuery(options, context.now()),
    },
    things: 'records',
    isCounted: true,
    columns: () => auditColumns(context),
    cells: auditCells,
    names: auditCellNames,
    empty: 'There are no such records.',
  };
  if (options.follow) {
    await followAudit(context, wanted.query, limitOf(options, usuallyFollowed, wanted.things));
  } else {
    await showListAs(context, wanted, options);
  }
};
