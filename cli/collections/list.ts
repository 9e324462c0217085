import { fetchList, type LimitOptions, limitOf, sayMore } from '../api/fetch-list.js';
import type { Filters } from '../api/operation.js';
import type { Run } from '../command.js';
import { usualLimitFor } from '../lists/show-list-as.js';
import type { AsciiOptions } from '../terminal/charts/ascii.js';
import type { DisplayOptions } from '../terminal/display-options.js';
import { showList } from '../terminal/show.js';
import { collectionCellNames, collectionCells, collectionColumns } from './collection-text.js';

type Status = NonNullable<Filters<'GET /v1/collections'>['status']>;

export interface ListOptions extends LimitOptions, DisplayOptions, AsciiOptions {
  readonly status?: Status | 'all';
}

export const list: Run<ListOptions> = async (context, _operands, options) => {
  const wanted = options.status ?? (options.all ? 'all' : 'open');
  const query = { status: wanted === 'all' ? undefined : wanted };
  const limit = limitOf(options, usualLimitFor(context), 'collections');
  const { items, hasMore } = await fetchList(context, 'GET /v1/collections', { query }, limit);
  const listed = {
    rows: items,
    columns: collectionColumns(context, options),
    machine: collectionCells,
    names: collectionCellNames,
    empty:
      wanted === 'open'
        ? 'No collection is open. Closed ones, too: pay collections --all'
        : 'There are no such collections.',
  };
  await showList(context, listed, options);
  await sayMore(context, hasMore);
};
