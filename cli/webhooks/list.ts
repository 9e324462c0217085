import type { WebhookJson } from '../../server/features/webhooks/wire.js';
import { fetchList } from '../api/fetch-list.js';
import type { Run } from '../command.js';
import type { DisplayOptions } from '../terminal/display-options.js';
import { type ListFormats, showList } from '../terminal/show.js';
import { relativeTime } from '../terminal/time.js';

export const list: Run<DisplayOptions> = async (context, _operands, options) => {
  const { items } = await fetchList(context, 'GET /v1/webhooks', {}, Number.POSITIVE_INFINITY);
  const { pen } = context.stdout;
  const listed: ListFormats<WebhookJson> = {
    rows: items,
    columns: [
      {
        header: 'status',
        people: ({ status }) => status,
        paint: (text, { status }) => (status === 'active' ? pen.green(text) : pen.yellow(text)),
      },
      {
        header: 'made',
        people: ({ createdAt }) => relativeTime(createdAt, context.now()),
        paint: (text: string) => pen.dim(text),
      },
      { header: 'url', people: ({ url }) => url, mayShrink: true },
      { header: 'types', people: ({ types }) => types.join(','), mayShrink: true, mayFold: true },
      { header: 'id', people: ({ id }) => id, mayFold: true, paint: (text: string) => pen.dim(text) },
    ],
    machine: ({ id, url, types, status, createdAt }) => [id, url, types.join(','), status, createdAt],
    names: ['id', 'url', 'types', 'status', 'createdAt'],
    empty: 'There are no webhooks. Add one: pay webhooks add <url>',
  };
  await showList(context, listed, options);
};
