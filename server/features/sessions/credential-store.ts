import type { Database } from '../../../db/connect.js';
import { type Dialect, dialectOf } from '../../../db/dialect.js';
import type { UserRow } from '../../../db/tables/users.js';
import { mostAheadMicros } from '../../ledger/judge-credential.js';

/** A session or personal token together with what must be known of its user. */
export interface CredentialRow
  extends Pick<UserRow, 'username' | 'currency' | 'role' | 'status' | 'one_time_until'> {
  readonly id: number;
  readonly user_id: number;
  readonly token_hash: string;
  readonly created_at: number;
  readonly expires_at: number;
  readonly ended_at: number | null;
  /** When it was last used, in microseconds, to within a minute or so; null for a token that never was. */
  readonly last_used_at: number | null;
  /** The scopes of a token; null for a session, which may do all that its user may do. */
  readonly scopes: string | null;
}

/** The text of the look-up of credentials by the hashes of their tokens: constant, so that the database compiles it once. */
const selectFrom = (
  { hex, unhex, listed, joinEach }: Dialect,
  table: 'sessions' | 'tokens',
  {
    expiresAt,
    endedAt,
    scopes,
  }: { readonly expiresAt: string; readonly endedAt: string; readonly scopes: string },
) =>
  'select u.username, u.currency, u.role, u.status, u.one_time_until, c.id, c.user_id, ' +
  `${hex('c.token_hash')} as token_hash, c.created_at, c.last_used_at, ` +
  `${expiresAt} as expires_at, ${endedAt} as ended_at, ${scopes} as scopes ` +
  `from ${listed('text')} ${joinEach} ${table} as c on c.token_hash = ${unhex('k.value')} ${joinEach} users as u on u.id = c.user_id`;

const selectSessions = (dialect: Dialect) =>
  selectFrom(dialect, 'sessions', {
    expiresAt: 'case when c.idle_until < c.expires_at then c.idle_until else c.expires_at end',
    endedAt: 'c.ended_at',
    scopes: 'null',
  });
const selectTokens = (dialect: Dialect) =>
  selectFrom(dialect, 'tokens', {
    expiresAt: 'c.expires_at',
    endedAt: 'c.revoked_at',
    scopes: 'c.scopes',
  });

/** The sessions whose tokens have these hashes, live or not, in no order. */
export async function findSessions(
  readers: Database,
  hashes: readonly string[],
): Promise<readonly CredentialRow[]> {
  return readers.raw(selectSessions(dialectOf(readers)), [JSON.stringify(hashes)]);
}

/** The personal tokens with these hashes, live or not, in no order. */
export async function findTokens(
  readers: Database,
  hashes: readonly string[],
): Promise<readonly CredentialRow[]> {
  return readers.raw(selectTokens(dialectOf(readers)), [JSON.stringify(hashes)]);
}

/** A session or personal token that has neither ended nor expired at `now`, in microseconds, and when it was last used. */
export async function findLiveCredential(
  readers: Database,
  { kind, id }: { readonly kind: 'session' | 'token'; readonly id: number },
  now: number,
): Promise<Pick<CredentialRow, 'last_used_at'> | undefined> {
  const live =
    kind === 'session'
      ? readers('sessions')
          .whereNull('ended_at')
          .where('idle_until', '>', now)
          .where('created_at', '<=', now + mostAheadMicros)
      : readers('tokens').whereNull('revoked_at');
  return live.where({ id }).where('expires_at', '>', now).first('last_used_at');
}
