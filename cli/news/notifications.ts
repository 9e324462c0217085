import type { Command } from 'commander';
import type { NotificationJson } from '../../server/features/events/wire.js';
import { type Fetched, fetchList, type LimitOptions, limitOf, sayMore } from '../api/fetch-list.js';
import type { Run, Start } from '../command.js';
import type { Context } from '../context.js';
import { withExamples } from '../help/help.js';
import { usualLimitFor } from '../lists/show-list-as.js';
import { addDisplayFlags, type DisplayOptions, formatOf } from '../terminal/display-options.js';
import { type ListFormats, showList } from '../terminal/show.js';
import { relativeTime } from '../terminal/time.js';
import { eventCells } from './event-text.js';
import { notificationsText } from './notification-text.js';

interface NotificationOptions extends LimitOptions, DisplayOptions {
  readonly unread?: true;
  readonly keep?: true;
}

const name = 'GET /v1/notifications';
const unreadOnes = { query: { unread: 'true' } } as const;

/**
 * The newest notifications. As long as nobody says how many, the list goes on until everything unread is in it, so that
 * nothing becomes read that was not shown.
 */
async function fetchNotifications(
  context: Context,
  options: NotificationOptions,
): Promise<Fetched<NotificationJson>> {
  const limit = limitOf(options, usualLimitFor(context), 'notifications');
  if (options.unread) {
    const isBounded = options.limit !== undefined;
    const most = isBounded ? limit : Number.POSITIVE_INFINITY;
    return await fetchList(context, name, unreadOnes, most);
  }
  const newest = await fetchList(context, name, {}, limit);
  if (options.limit !== undefined || !newest.hasMore || newest.items.at(-1)?.read !== false) {
    return newest;
  }
  const unread = await fetchList(context, name, unreadOnes, Number.POSITIVE_INFINITY);
  return { items: unread.items, hasMore: true };
}

/** Whether something older than what was shown is unread: all that the mark has passed is read, and it passes in order. */
function leavesUnread({ items, hasMore }: Fetched<NotificationJson>, options: NotificationOptions): boolean {
  return hasMore && items.at(-1)?.read === false && options.limit !== undefined;
}

/** Marks the notifications that were shown as read. */
async function markRead(
  context: Context,
  fetched: Fetched<NotificationJson>,
  options: NotificationOptions,
): Promise<void> {
  const [newest] = fetched.items;
  if (options.keep || newest === undefined || newest.read || context.stdout.isGone) {
    return;
  }
  if (leavesUnread(fetched, options)) {
    await context.say(
      context.stderr.pen.dim(
        context.hint('These stay unread, for there are older ones: pay notifications --unread'),
      ),
    );
    return;
  }
  const api = await context.api();
  await api.call('POST /v1/notifications/read', { body: { upTo: newest.id } });
}

const wordsOf = (event: NotificationJson) => eventCells(event).at(-1) ?? '';

/** Shows notifications: on a terminal each in words, with the command that answers it, unless columns are chosen. */
async function showAll(
  context: Context,
  items: readonly NotificationJson[],
  options: NotificationOptions,
): Promise<void> {
  if (formatOf(context, options) === 'table' && options.columns === undefined && items.length > 0) {
    const text = notificationsText(context, items);
    await (options.pager === false ? context.stdout.write(text) : context.page(text));
    return;
  }
  const list: ListFormats<NotificationJson> = {
    rows: items,
    columns: [
      { header: 'when', people: ({ at }) => relativeTime(at, context.now()) },
      { header: 'what', people: wordsOf, mayShrink: true },
    ],
    machine: (event) => [...eventCells(event), event.read ? 'read' : 'unread'],
    names: ['id', 'at', 'type', 'text', 'read'],
    empty: options.unread ? 'Nothing is unread. Older ones: pay notifications' : 'There are none yet.',
  };
  await showList(context, list, options);
}

const notifications: Run<NotificationOptions> = async (context, _operands, options) => {
  const fetched = await fetchNotifications(context, options);
  await showAll(context, fetched.items, options);
  await sayMore(context, fetched.hasMore);
  await markRead(context, fetched, options);
};

export function define(command: Command, start: Start): void {
  const flagged = withExamples(command, [
    'pay notifications                   the newest ones, which are read then',
    'pay notifications --unread --keep   only new ones, which stay unread',
  ])
    .option('-u, --unread', 'only those not read yet, all of them')
    .option('--keep', 'do not mark them as read')
    .option('-n, --limit <n>', 'how many (20, or as many as are unread, on a terminal, else all)')
    .option('--all', 'all of them');
  addDisplayFlags(flagged).action(start(notifications));
}
