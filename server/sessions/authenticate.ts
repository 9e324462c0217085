import DataLoader from 'dataloader';
import type { Database } from '../../db/connect.js';
import type { Clock } from '../clock.js';
import { hashToken, isWellFormedToken } from '../credentials/secret-token.js';
import { type Scope, scopes, type Viewer } from '../http/route.js';
import { type CredentialRow, findSessions, findTokens } from './credential-store.js';

type Find = (readers: Database, hashes: readonly string[]) => Promise<readonly CredentialRow[]>;

function viewerOf(row: CredentialRow): Viewer {
  return {
    userId: row.user_id,
    username: row.username,
    currency: row.currency,
    role: row.role,
    mustChangePassword: row.must_change_password === 1,
    credential: {
      kind: row.scopes === null ? 'session' : 'token',
      id: row.id,
      scopes: row.scopes === null ? scopes : (row.scopes.split(' ') as Scope[]),
    },
  };
}

/**
 * One query at a time, for all that came to be looked up while the one before was under way; nothing is kept, so that a
 * logout holds at once.
 */
function makeLoader(readers: Database, find: Find): DataLoader<string, CredentialRow | undefined> {
  let underWay: Promise<unknown> = Promise.resolve();
  return new DataLoader(
    async (hashes) => {
      const query = find(readers, hashes);
      underWay = query;
      const byHash = new Map((await query).map((row) => [row.token_hash, row]));
      return hashes.map((hash) => byHash.get(hash));
    },
    {
      cache: false,
      batchScheduleFn: (dispatch) => {
        const next = () => void setImmediate(dispatch);
        underWay.then(next, next);
      },
    },
  );
}

/** Gives whose token it is; undefined for one that is malformed, unknown, expired, logged out or revoked. */
export function makeAuthenticate(
  readers: Database,
  machineMicros: Clock,
): (token: string) => Promise<Viewer | undefined> {
  const sessions = makeLoader(readers, findSessions);
  const tokens = makeLoader(readers, findTokens);
  return async (token) => {
    if (!isWellFormedToken(token)) {
      return undefined;
    }
    const loader = token.startsWith('pay_ses_') ? sessions : tokens;
    const row = await loader.load(hashToken(token));
    return row && row.ended_at === null && row.expires_at > machineMicros() ? viewerOf(row) : undefined;
  };
}
