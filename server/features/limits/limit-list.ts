import * as z from 'zod';
import type { List } from '../../http/answer/list-answer.js';
import { pageQuery } from '../../http/contract/page.js';
import { nameKey } from '../accounts/user-store.js';
import type { Lists } from '../lists/lists.js';
import { countLimits, type ListedLimit, listLimits } from './limit-store.js';
import { limitJson } from './wire.js';

export const limitQuerySchema = z.strictObject({
  ...pageQuery,
  user: z.string().min(1).max(100).optional().meta({ description: 'Only the own limits of this user.' }),
});

type Figure = ReturnType<typeof limitJson>['perDay'];

const figureCell = (figure: Figure) => (figure === null || figure === 'none' ? figure : figure.amount);

/** The list of all limits that are set. */
export function limitList({ lists }: { readonly lists: Lists }): List<ListedLimit> {
  return {
    name: 'admin/limits',
    lists,
    async open(filters) {
      const { user } = filters as { readonly user?: string };
      const whose = user === undefined ? undefined : nameKey(user);
      return {
        readPage: (part) => listLimits(lists.readers, whose, part),
        count: (part) => countLimits(lists.readers, whose, part),
      };
    },
    idOf: ({ subject }) => subject,
    jsonOf: (row) => limitJson(row, row.username),
    csv: {
      columns: ['currency', 'username', 'perPayment', 'perDay'],
      cellsOf(row) {
        const { perPayment, perDay, ...rest } = limitJson(row, row.username);
        return { ...rest, perPayment: figureCell(perPayment), perDay: figureCell(perDay) };
      },
    },
  };
}
