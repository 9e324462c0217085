import type { Database } from '../../../db/connect.js';
import { ledgerAnswer } from '../../http/answer/ledger-answer.js';
import { type Answer, defineRoute } from '../../http/contract/route.js';
import { type AskingCall, callerOf, decide } from '../../ledger/decide.js';
import type { LedgerDoor } from '../../ledger/door.js';
import { decision } from '../../ledger/rule.js';
import { findUserByName, nameKey } from '../accounts/user-store.js';
import type { PasswordHasher } from '../credentials/password-hash.js';
import { makeToken } from '../credentials/secret-token.js';
import { type EndSession, endSession } from './end-session.js';
import { loginLimit } from './login-limit.js';
import { invalidCredentials, type OpenSession, openSession } from './open-session.js';
import { type RefuseLogin, refuseLogin } from './refuse-login.js';
import { loginSchema, sessionSchema } from './wire.js';

export interface SessionParts {
  readonly readers: Database;
  readonly ledger: LedgerDoor;
  readonly hasher: PasswordHasher;
}

export function sessionRoutes(parts: SessionParts) {
  return [loginRoute(parts), logoutRoute(parts)];
}

/** Refuses a login once it is in the audit trail: where that cannot be written, the answer is 503 for everyone. */
async function refuse(
  ledger: LedgerDoor,
  call: AskingCall & { readonly body: { readonly username: string } },
  refused?: Answer,
): Promise<Answer> {
  const input: RefuseLogin = { username: nameKey(call.body.username) };
  const outcome = await decide(ledger, call, refuseLogin, input);
  if (outcome.status === 204) {
    if (refused) {
      return refused;
    }
    throw invalidCredentials();
  }
  return ledgerAnswer(outcome);
}

function loginRoute({ readers, ledger, hasher }: SessionParts) {
  return defineRoute({
    method: 'POST',
    path: '/v1/sessions',
    operationId: 'logIn',
    tag: 'Sessions',
    summary: 'Log in',
    access: { who: 'anyone' },
    body: loginSchema,
    rateLimit: loginLimit,
    answers: { 201: { description: 'A session with its token.', schema: sessionSchema } },
    refusals: ['INVALID_CREDENTIALS'],
    async handle(call) {
      const { body } = call;
      const user = await findUserByName(readers, body.username);
      const isRight = await hasher.verify(user?.password_hash, body.password);
      if (!user || !isRight) {
        return refuse(ledger, call);
      }
      const { token, hash } = makeToken('pay_ses_');
      const input: OpenSession = { userId: user.id, tokenHash: hash, passwordHash: user.password_hash };
      const caller = { ...callerOf(call), userId: user.id };
      const outcome = await ledger.decide(decision(openSession, { input, caller }));
      if (outcome.code === 'INVALID_CREDENTIALS') {
        return refuse(ledger, call, ledgerAnswer(outcome));
      }
      return outcome.status === 201
        ? {
            status: 201,
            body: { token, ...JSON.parse(outcome.json) },
            headers: { Location: '/v1/sessions/current' },
          }
        : ledgerAnswer(outcome);
    },
  });
}

function logoutRoute({ ledger }: SessionParts) {
  return defineRoute({
    method: 'DELETE',
    path: '/v1/sessions/current',
    operationId: 'logOut',
    tag: 'Sessions',
    summary: 'Log out',
    description: 'The token is dead on the next request.',
    access: { who: 'session', evenWhenPasswordExpired: true },
    answers: { 204: { description: 'Logged out.' } },
    async handle(call) {
      const input: EndSession = { userId: call.viewer.userId, sessionId: call.viewer.credential.id };
      return ledgerAnswer(await decide(ledger, call, endSession, input));
    },
  });
}
