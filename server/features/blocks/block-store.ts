import type { Knex } from 'knex';
import type { Database } from '../../../db/connect.js';
import { countRows } from '../../../db/count-rows.js';

export interface BlockView {
  readonly username: string;
  readonly blockedId: number;
  readonly createdAt: number;
}

function blocksQuery(
  readers: Database,
  userId: number,
  page: { readonly after: string | undefined; readonly limit: number },
): Knex.QueryBuilder {
  const query = readers('blocks as b')
    .join('users as u', 'u.id', 'b.blocked_id')
    .where('b.blocker_id', userId)
    .whereNull('b.ended_at')
    .orderBy('b.blocked_id', 'desc')
    .limit(page.limit)
    .select({ username: 'u.username', blockedId: 'b.blocked_id', createdAt: 'b.created_at' });
  if (page.after !== undefined) {
    query.where('b.blocked_id', '<', Number(page.after));
  }
  return query;
}

/** The users whom a user blocks, the newest names first by id, from after the user `after`. */
export async function listBlocks(...asked: Parameters<typeof blocksQuery>): Promise<readonly BlockView[]> {
  return blocksQuery(...asked);
}

export const countBlocks = (...asked: Parameters<typeof blocksQuery>): Promise<number> =>
  countRows(asked[0], blocksQuery(...asked));
