import type { Knex } from 'knex';
import type { Database } from '../../db/connect.js';
import type { UserRow } from '../../db/rows.js';

/** A session or personal token together with what must be known of its user. */
export interface CredentialRow
  extends Pick<UserRow, 'username' | 'currency' | 'role' | 'must_change_password'> {
  readonly id: number;
  readonly user_id: number;
  readonly token_hash: string;
  readonly expires_at: number;
  readonly ended_at: number | null;
  /** Null for a session, which may do all that its user may do. */
  readonly scopes: string | null;
}

const ofUser = ['u.username', 'u.currency', 'u.role', 'u.must_change_password'] as const;
const ofCredential = ['c.id', 'c.user_id', 'c.expires_at'] as const;

function findCredentials(
  readers: Database,
  table: 'sessions' | 'tokens',
  hashes: readonly string[],
  columns: readonly (string | Knex.Raw)[],
): Promise<readonly CredentialRow[]> {
  return readers(`${table} as c`)
    .join('users as u', 'u.id', 'c.user_id')
    .whereIn(
      'c.token_hash',
      hashes.map((hash) => Buffer.from(hash, 'hex')),
    )
    .select(...ofUser, ...ofCredential, ...columns, readers.raw('lower(hex(c.token_hash)) as token_hash'));
}

export const findSessions = (readers: Database, hashes: readonly string[]) =>
  findCredentials(readers, 'sessions', hashes, ['c.ended_at', readers.raw('null as scopes')]);

export const findTokens = (readers: Database, hashes: readonly string[]) =>
  findCredentials(readers, 'tokens', hashes, ['c.revoked_at as ended_at', 'c.scopes']);

/** Whether a session or personal token has neither ended nor expired at `now`, in microseconds. */
export async function isCredentialLive(
  readers: Database,
  { kind, id }: { readonly kind: 'session' | 'token'; readonly id: number },
  now: number,
): Promise<boolean> {
  const [table, ended] = kind === 'session' ? ['sessions', 'ended_at'] : ['tokens', 'revoked_at'];
  const row = await readers(table).where({ id }).whereNull(ended).where('expires_at', '>', now).first('id');
  return row !== undefined;
}
