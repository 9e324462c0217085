import type { Database } from '../../../db/connect.js';
import { oldestKeptMs } from '../../../db/postgres/writers/hearing.js';
import type { Place } from '../../../db/postgres/writers/place.js';
import { readTogether } from '../../../db/read-together.js';
import type { Clock } from '../../clock.js';
import { type Scope, scopes, type Viewer } from '../../http/contract/route.js';
import { isOfClockAhead } from '../../ledger/judge-credential.js';
import { hashToken, isWellFormedToken } from '../credentials/secret-token.js';
import { type CredentialRow, findSessions, findTokens } from './credential-store.js';
import type { Uses } from './uses.js';
import { type CachedViewer, makeViewerCache } from './viewer-cache.js';

/** The most callers that are kept in mind, in some megabytes: more than are about within the age of an entry. */
const mostCached = 10_000;

/**
 * How long a caller is kept in mind at most. The ledger says of each change of its own; what a fault would keep from being said, or
 * what somebody changes in the database behind the server, holds at the latest after this for reading: whatever changes something is
 * judged again by the ledger. Of a busy caller all but one request in thousands is spared the look.
 */
const oldestAloneMs = 30_000;

/** The callers whom a commit has changed. */
export interface ChangedCallers {
  /** Sessions and personal tokens that have ended. */
  readonly endedCredentialIds: readonly string[];
  /** Users of whom something is not what it was. */
  readonly changedUserIds: readonly string[];
  /** Whether more may have changed than these. */
  readonly isAnything?: true;
}

export interface Authenticator {
  /** Gives whose token it is; undefined for one that is malformed, unknown, expired, of a clock that was ahead, logged out or revoked. */
  readonly authenticate: (token: string) => Viewer | undefined | Promise<Viewer | undefined>;
  /** Told of a commit before whoever asked for it is answered: what it has ended or changed is asked for anew. */
  readonly forget: (changed: ChangedCallers) => void;
  /** How many callers are kept in mind. */
  readonly cachedCount: () => number;
}

function viewerOf(row: CredentialRow): Viewer {
  return {
    userId: row.user_id,
    username: row.username,
    currency: row.currency,
    role: row.status === 'frozen' ? 'user' : row.role,
    mustChangePassword: row.one_time_until !== null,
    credential: {
      kind: row.scopes === null ? 'session' : 'token',
      id: row.id,
      scopes: row.scopes === null ? scopes : (row.scopes.split(' ') as Scope[]),
    },
  };
}

/**
 * Finds out whose tokens are, and keeps in mind, bounded in number and age, what it has found. That a token was used is noted
 * when it is looked up, which a busy one is every half minute, or every few seconds beside others. Other servers on the same books answer
 * nothing that changes a caller before it was forgotten here, or would be too old; but only while this one has its place among them:
 * what was kept before that was lost does not count.
 */
export function makeAuthenticator(
  readers: Database,
  machineMicros: Clock,
  uses: Pick<Uses, 'note'>,
  place?: Pick<Place, 'taken'>,
): Authenticator {
  const findSession = readTogether(
    (hashes) => findSessions(readers, hashes),
    (row) => row.token_hash,
  );
  const findToken = readTogether(
    (hashes) => findTokens(readers, hashes),
    (row) => row.token_hash,
  );
  const viewers = makeViewerCache(mostCached);
  const oldestMicros = (place === undefined ? oldestAloneMs : oldestKeptMs) * 1_000;
  const placeTaken = () => (place === undefined ? 1 : place.taken);
  /** How often something was to be forgotten: what was read before may be of before. */
  let changes = 0;
  let keptIn = placeTaken();

  const isYoung = ({ readAt }: CachedViewer, now: number) => now >= readAt && now < readAt + oldestMicros;

  async function find(token: string, tokenHash: string): Promise<Viewer | undefined> {
    if (!isWellFormedToken(token)) {
      return undefined;
    }
    const changesBefore = changes;
    // What is read is at least as old as the question: an answer that was long on its way must not count as fresh.
    const readAt = machineMicros();
    const row = await (token.startsWith('pay_ses_') ? findSession : findToken)(tokenHash);
    const now = machineMicros();
    if (row === undefined || row.ended_at !== null || row.expires_at <= now) {
      return undefined;
    }
    const viewer = viewerOf(row);
    if (viewer.credential.kind === 'session' && isOfClockAhead(row, now)) {
      return undefined;
    }
    uses.note({ kind: viewer.credential.kind, id: row.id, at: now }, row.last_used_at);
    if (changes === changesBefore && keptIn !== undefined && keptIn === placeTaken()) {
      viewers.keep(tokenHash, { viewer, expiresAt: row.expires_at, readAt });
    }
    return viewer;
  }

  function dropAll(): void {
    changes += 1;
    viewers.dropAll();
  }

  return {
    authenticate(token) {
      const tokenHash = hashToken(token);
      if (keptIn !== placeTaken()) {
        keptIn = placeTaken();
        dropAll();
      }
      const cached = viewers.get(tokenHash);
      const now = machineMicros();
      return cached !== undefined && isYoung(cached, now) && cached.expiresAt > now
        ? cached.viewer
        : find(token, tokenHash);
    },
    forget({ endedCredentialIds, changedUserIds, isAnything }) {
      if (isAnything) {
        dropAll();
      }
      if (endedCredentialIds.length + changedUserIds.length > 0) {
        changes += 1;
        viewers.drop(endedCredentialIds);
        viewers.drop(changedUserIds);
      }
    },
    cachedCount: () => viewers.size,
  };
}
