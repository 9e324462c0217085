import type { RequestJson } from '../../server/features/requests/wire.js';
import { findMe } from '../account/find-me.js';
import { fetchList, type LimitOptions, limitOf, sayMore } from '../api/fetch-list.js';
import type { Filters } from '../api/operation.js';
import type { Run } from '../command.js';
import { type PeriodOptions, periodQuery } from '../lists/period-flags.js';
import { usualLimitFor } from '../lists/show-list-as.js';
import { emptyWith } from '../people/empty-with.js';
import type { DisplayOptions } from '../terminal/display-options.js';
import { showList } from '../terminal/show.js';
import { requestCellNames, requestCells, requestColumns, sideNames } from './request-text.js';

type Query = Filters<'GET /v1/requests'>;

export interface ListOptions extends LimitOptions, DisplayOptions, PeriodOptions {
  readonly incoming?: true;
  readonly outgoing?: true;
  readonly direction?: 'incoming' | 'outgoing';
  readonly status?: NonNullable<Query['status']> | 'all';
  readonly with?: string;
}

function directionOf({ incoming, outgoing, direction }: ListOptions): Query['direction'] {
  if (incoming) {
    return 'incoming';
  }
  return outgoing ? 'outgoing' : direction;
}

/** The statuses that are listed: pending, unless others are asked for. */
function statusOf({ status, all }: ListOptions): Query['status'] {
  const wanted = status ?? (all ? 'all' : 'pending');
  return wanted === 'all' ? undefined : wanted;
}

export const list: Run<ListOptions> = async (context, _operands, options) => {
  const status = statusOf(options);
  const query = {
    direction: directionOf(options),
    status,
    with: options.with,
    ...periodQuery(options, context.now()),
  };
  const limit = limitOf(options, usualLimitFor(context), 'requests');
  const { username } = await findMe(context);
  const { items, hasMore } = await fetchList(context, 'GET /v1/requests', { query }, limit);
  const usual =
    status === 'pending'
      ? 'No request is pending. Closed ones, too: pay requests --all'
      : 'There are no such requests.';
  const listed = {
    rows: items,
    columns: requestColumns(context, items, username, await sideNames(context, items)),
    machine: (request: RequestJson) => requestCells(request, username),
    names: requestCellNames,
    empty: () => emptyWith(context, 'GET /v1/requests', options.with, usual),
  };
  await showList(context, listed, options);
  await sayMore(context, hasMore);
};
