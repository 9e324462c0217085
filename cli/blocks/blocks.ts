import type { Command } from 'commander';
import type { BlockJson } from '../../server/features/blocks/wire.js';
import { fetchList } from '../api/fetch-list.js';
import type { Start } from '../command.js';
import type { Context } from '../context.js';
import { withExamples } from '../help/help.js';
import { showList } from '../terminal/show.js';
import { relativeTime } from '../terminal/time.js';

async function blocks(context: Context): Promise<void> {
  const { items } = await fetchList<BlockJson>(context, '/v1/blocks', {}, Number.POSITIVE_INFINITY);
  await showList(context, {
    rows: items,
    columns: [
      { header: 'user', people: ({ username }) => username },
      { header: 'blocked', people: ({ createdAt }) => relativeTime(createdAt, context.now()) },
    ],
    machine: ({ username, createdAt }) => [username, createdAt],
    empty: 'You block nobody. To block somebody: pay block <user>',
  });
}

export function define(command: Command, start: Start): void {
  withExamples(command, ['pay blocks', 'pay blocks --json']).action(start(blocks));
}
