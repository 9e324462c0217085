import type { Database } from '../../../db/connect.js';
import type { TokenRow } from '../../../db/rows.js';

/** A user's tokens that are not revoked, newest first, from after the token `after`; expired ones show as such. */
export async function listTokens(
  readers: Database,
  userId: number,
  page: { readonly after: string | undefined; readonly limit: number },
): Promise<readonly TokenRow[]> {
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
