import type { Knex } from 'knex';
import type { Database } from '../../../db/connect.js';
import { countRows } from '../../../db/count-rows.js';
import type { TokenRow } from '../../../db/tables/credentials.js';

function tokensQuery(
  readers: Database,
  userId: number,
  page: { readonly after: string | undefined; readonly limit: number },
): Knex.QueryBuilder {
  const query = readers<TokenRow>('tokens')
    .where({ user_id: userId })
    .whereNull('revoked_at')
    .orderBy('id', 'desc')
    .limit(page.limit);
  if (page.after !== undefined) {
    query.where('id', '<', Number(page.after));
  }
  return query;
}

/** A user's tokens that are not revoked, newest first, from after the token `after`; expired ones show as such. */
export async function listTokens(...asked: Parameters<typeof tokensQuery>): Promise<readonly TokenRow[]> {
  return tokensQuery(...asked);
}

export const countTokens = (...asked: Parameters<typeof tokensQuery>): Promise<number> =>
  countRows(asked[0], tokensQuery(...asked));
