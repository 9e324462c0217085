import type { Knex } from 'knex';
import type { Database } from '../../../db/connect.js';
import { countRows } from '../../../db/count-rows.js';
import type { SessionRow } from '../../../db/tables/credentials.js';

interface Page {
  readonly after: string | undefined;
  readonly limit: number;
  /** The time at which sessions must be live, in microseconds. */
  readonly now: number;
}

function sessionsQuery(readers: Database, userId: number, { after, limit, now }: Page): Knex.QueryBuilder {
  const query = readers<SessionRow>('sessions')
    .where({ user_id: userId })
    .whereNull('ended_at')
    .where('expires_at', '>', now)
    .where('idle_until', '>', now)
    .orderBy('id', 'desc')
    .limit(limit);
  return after === undefined ? query : query.where('id', '<', Number(after));
}

/** A user's sessions that are live at `now`, newest first, from after the session `after`. */
export async function listSessions(
  ...asked: Parameters<typeof sessionsQuery>
): Promise<readonly SessionRow[]> {
  return sessionsQuery(...asked);
}

export const countSessions = (...asked: Parameters<typeof sessionsQuery>): Promise<number> =>
  countRows(asked[0], sessionsQuery(...asked));
