import type { Command } from 'commander';
import type { BlockJson } from '../../server/features/blocks/wire.js';
import { fetchList } from '../api/fetch-list.js';
import type { Run, Start } from '../command.js';
import { withExamples } from '../help/help.js';
import { addDisplayFlags, type DisplayOptions } from '../terminal/display-options.js';
import { type ListFormats, showList } from '../terminal/show.js';
import { relativeTime } from '../terminal/time.js';

const blocks: Run<DisplayOptions> = async (context, _operands, options) => {
  const { items } = await fetchList(context, 'GET /v1/blocks', {}, Number.POSITIVE_INFINITY);
  const list: ListFormats<BlockJson> = {
    rows: items,
    columns: [
      { header: 'user', people: ({ username }) => username },
      { header: 'blocked', people: ({ createdAt }) => relativeTime(createdAt, context.now()) },
    ],
    machine: ({ username, createdAt }) => [username, createdAt],
    names: ['username', 'createdAt'],
    empty: 'You block nobody. To block somebody: pay block <user>',
  };
  await showList(context, list, options);
};

export function define(command: Command, start: Start): void {
  withExamples(command, ['pay blocks', 'pay blocks --json']);
  addDisplayFlags(command).action(start(blocks));
}
