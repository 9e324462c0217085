import { z } from 'zod';
import type { Database } from '../../../db/connect.js';
import type { Cursors } from '../../http/answer/cursor.js';
import type { List } from '../../http/answer/list-answer.js';
import { pageQuery } from '../../http/contract/page.js';
import { nameKey } from '../accounts/user-store.js';
import { countLimits, type ListedLimit, listLimits } from './limit-store.js';
import { limitJson } from './wire.js';

export const limitQuerySchema = z.strictObject({
  ...pageQuery,
  user: z.string().min(1).max(100).optional().meta({ description: 'Only the own limits of this user.' }),
});

type Figure = ReturnType<typeof limitJson>['perDay'];

const figureCell = (figure: Figure) => (figure === null || figure === 'none' ? figure : figure.amount);

/** All limits that are set. */
export function limitList(parts: {
  readonly readers: Database;
  readonly cursors: Cursors;
}): List<ListedLimit> {
  return {
    name: 'admin/limits',
    cursors: parts.cursors,
    async open(filters) {
      const { user } = filters as { readonly user?: string };
      const whose = user === undefined ? undefined : nameKey(user);
      return {
        readPage: (part) => listLimits(parts.readers, whose, part),
        count: (part) => countLimits(parts.readers, whose, part),
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
