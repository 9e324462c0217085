import type { Database } from '../../../db/connect.js';
import type { SecondFactorRow } from '../../../db/tables/credentials.js';

/** The second factor that a user has, or is about to have; undefined where it is off or never was on. */
export async function findFactor(
  readers: Database,
  userId: number,
): Promise<(SecondFactorRow & { readonly secret: string }) | undefined> {
  const row = await readers<SecondFactorRow>('second_factors').where({ user_id: userId }).first();
  return row && row.secret !== null ? { ...row, secret: row.secret } : undefined;
}

/** How many second factors that are on are sealed with keys of other names than these. */
export async function countSealedOtherwise(readers: Database, names: readonly string[]): Promise<number> {
  const [row]: { count: number }[] = await readers('second_factors')
    .where({ status: 'on' })
    .whereRaw(`substr(secret, 1, 8) not in (${names.map(() => '?').join(', ')})`, [...names])
    .count({ count: '*' });
  return row?.count ?? 0;
}
