import type { PasswordChange } from '../../../../server/features/accounts/change-password.js';
import type { EndSession } from '../../../../server/features/sessions/end-session.js';
import type { OpenSession } from '../../../../server/features/sessions/open-session.js';
import type { CreateToken } from '../../../../server/features/tokens/create-token.js';
import type { RevokeToken } from '../../../../server/features/tokens/revoke-token.js';
import type { Expected } from './expected.js';

export interface ModelCredential {
  readonly kind: 'session' | 'token';
  readonly userId: number;
  isLive: boolean;
  /** Known once its making was answered. */
  id: number | undefined;
}

/** Sessions and tokens by the hash of their secret. */
export interface Credentials {
  readonly all: ReadonlyMap<string, ModelCredential>;
  judge(rule: string, input: unknown): Expected;
}

interface Owner {
  readonly isFrozen: boolean;
  passwordHash: string;
}

const done = (status: number): Expected => ({ is: 'accepted', status });

export function makeCredentials(userById: (id: number) => Owner | undefined): Credentials {
  const all = new Map<string, ModelCredential>();
  const byId = (kind: ModelCredential['kind'], id: number) =>
    [...all.values()].find((credential) => credential.kind === kind && credential.id === id);

  function openSession({ userId, tokenHash, passwordHash }: OpenSession): Expected {
    if (userById(userId)?.passwordHash !== passwordHash) {
      return { is: 'refused', code: 'INVALID_CREDENTIALS' };
    }
    all.set(tokenHash, { kind: 'session', userId, isLive: true, id: undefined });
    return done(201);
  }

  function endSession({ sessionId }: EndSession): Expected {
    const session = byId('session', sessionId);
    if (session) {
      session.isLive = false;
    }
    return done(204);
  }

  function createToken({ userId, sessionId, tokenHash }: CreateToken & { sessionId: number }): Expected {
    if (!byId('session', sessionId)?.isLive) {
      return { is: 'refused', code: 'UNAUTHENTICATED' };
    }
    if (userById(userId)?.isFrozen) {
      return { is: 'refused', code: 'ACCOUNT_FROZEN' };
    }
    all.set(tokenHash, { kind: 'token', userId, isLive: true, id: undefined });
    return done(201);
  }

  function revokeToken({ userId, tokenId }: RevokeToken): Expected {
    const token = byId('token', tokenId);
    if (!token?.isLive || token.userId !== userId) {
      return { is: 'refused', code: 'NOT_FOUND' };
    }
    token.isLive = false;
    return done(204);
  }

  function changePassword({ userId, sessionId, currentHash, newHash }: PasswordChange): Expected {
    const user = userById(userId);
    if (!user || user.passwordHash !== currentHash) {
      return { is: 'refused', code: 'WRONG_PASSWORD' };
    }
    user.passwordHash = newHash;
    for (const credential of all.values()) {
      if (credential.userId === userId && (credential.kind === 'token' || credential.id !== sessionId)) {
        credential.isLive = false;
      }
    }
    return done(204);
  }

  return {
    all,
    judge(rule, input) {
      switch (rule) {
        case 'open-session':
          return openSession(input as OpenSession);
        case 'end-session':
          return endSession(input as EndSession);
        case 'create-token':
          return createToken(input as CreateToken & { sessionId: number });
        case 'revoke-token':
          return revokeToken(input as RevokeToken);
        case 'change-password':
          return changePassword(input as PasswordChange);
        default:
          throw new Error(`The model knows no rule ${rule}.`);
      }
    },
  };
}
