import type { Database } from '../../../db/connect.js';
import type { UserRow } from '../../../db/rows.js';

/** A session or personal token together with what must be known of its user. */
export interface CredentialRow
  extends Pick<UserRow, 'username' | 'currency' | 'role' | 'status' | 'one_time_until'> {
  readonly id: number;
  readonly user_id: number;
  readonly token_hash: string;
  readonly expires_at: number;
  readonly ended_at: number | null;
  /** Null for a session, which may do all that its user may do. */
  readonly scopes: string | null;
}

/** The text of the look-up of credentials by the hashes of their tokens: constant, so that it is compiled once. */
const selectFrom = (table: 'sessions' | 'tokens', endedAt: string, scopes: string) =>
  'select u.username, u.currency, u.role, u.status, u.one_time_until, c.id, c.user_id, lower(hex(c.token_hash)) as token_hash, c.expires_at, ' +
  `${endedAt} as ended_at, ${scopes} as scopes ` +
  `from json_each(?) as k cross join ${table} as c on c.token_hash = unhex(k.value) cross join users as u on u.id = c.user_id`;

const selectSessions = selectFrom('sessions', 'c.ended_at', 'null');
const selectTokens = selectFrom('tokens', 'c.revoked_at', 'c.scopes');

export async function findSessions(
  readers: Database,
  hashes: readonly string[],
): Promise<readonly CredentialRow[]> {
  return readers.raw(selectSessions, [JSON.stringify(hashes)]);
}

export async function findTokens(
  readers: Database,
  hashes: readonly string[],
): Promise<readonly CredentialRow[]> {
  return readers.raw(selectTokens, [JSON.stringify(hashes)]);
}

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
