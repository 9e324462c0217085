import * as z from 'zod';
import type { Database } from '../../../db/connect.js';
import type { SessionRow } from '../../../db/tables/credentials.js';
import type { Clock } from '../../clock.js';
import { csvOf } from '../../http/answer/csv.js';
import { ledgerAnswer } from '../../http/answer/ledger-answer.js';
import { type List, listAnswer } from '../../http/answer/list-answer.js';
import { callerName } from '../../http/contract/caller-name.js';
import { listAnswers, pageQuery } from '../../http/contract/page.js';
import { type Answer, defineRoute } from '../../http/contract/route.js';
import { rowNumber } from '../../ids.js';
import { type AskingCall, callerOf, decide } from '../../ledger/decide.js';
import type { LedgerDoor } from '../../ledger/door.js';
import { decision } from '../../ledger/rule.js';
import { idSchema } from '../../money/fields.js';
import { findUserByName, nameKey } from '../accounts/user-store.js';
import type { PasswordHasher } from '../credentials/password-hash.js';
import { makeToken } from '../credentials/secret-token.js';
import type { GuessGuard } from '../guesses/guess-guard.js';
import type { GuessKey } from '../guesses/guess-keys.js';
import type { Lists } from '../lists/lists.js';
import { type EndSession, endSession, noSuchSession } from './end-session.js';
import type { SessionLifetimes } from './lifetimes.js';
import { invalidCredentials, type OpenSession, openSession } from './open-session.js';
import { type RefuseLogin, refuseLogin } from './refuse-login.js';
import { countSessions, listSessions } from './session-store.js';
import { liveSessionJson, liveSessionSchema, loginSchema, sessionSchema } from './wire.js';

export interface SessionParts {
  readonly readers: Database;
  readonly ledger: LedgerDoor;
  readonly hasher: PasswordHasher;
  readonly lists: Lists;
  readonly machineMicros: Clock;
  readonly lifetimes: SessionLifetimes;
  readonly guard: GuessGuard;
}

export function sessionRoutes(parts: SessionParts) {
  return [loginRoute(parts), listRoute(parts), logoutRoute(parts), endRoute(parts)];
}

/** Refuses a login once it is in the audit trail: where that cannot be written, the answer is 503 for everyone. */
async function refuse(
  ledger: LedgerDoor,
  call: AskingCall & { readonly body: { readonly username: string } },
  guesses: readonly GuessKey[],
  refused?: Answer,
): Promise<Answer> {
  const input: RefuseLogin = { username: nameKey(call.body.username), guesses };
  const outcome = await decide(ledger, call, refuseLogin, input);
  if (outcome.status === 204) {
    if (refused) {
      return refused;
    }
    throw invalidCredentials();
  }
  return ledgerAnswer(outcome);
}

function loginRoute({ readers, ledger, hasher, lifetimes, guard }: SessionParts) {
  return defineRoute({
    method: 'POST',
    path: '/v1/sessions',
    operationId: 'logIn',
    tag: 'Sessions',
    summary: 'Log in',
    description:
      'The session ends 30 days later, and where it is left alone for 24 hours, as far as the server says nothing else (`limits` of GET /v1/server). Of a user with 100 sessions the one that was used longest ago ends. Whoever has a second factor is refused with `SECOND_FACTOR_REQUIRED` until this is repeated with a code.',
    access: { who: 'anyone' },
    body: loginSchema,
    rateLimit: 'login',
    answers: { 201: { description: 'A session with its token.', schema: sessionSchema } },
    refusals: ['INVALID_CREDENTIALS', 'SECOND_FACTOR_REQUIRED'],
    async handle(call) {
      const { body } = call;
      const user = await findUserByName(readers, body.username);
      const guess = { userId: user?.id, name: nameKey(body.username), address: call.address };
      return guard.attempt(guess, async (guesses) => {
        const isRight = await hasher.verify(user?.password_hash, body.password, callerName(call));
        if (!user || !isRight) {
          return refuse(ledger, call, guesses);
        }
        const newHash = hasher.isOutdated(user.password_hash)
          ? await hasher.hash(body.password, callerName(call))
          : undefined;
        const { token, hash } = makeToken('pay_ses_');
        const input: OpenSession = {
          userId: user.id,
          tokenHash: hash,
          passwordHash: user.password_hash,
          ...(newHash !== undefined && { newHash }),
          lifetimes,
          guesses,
        };
        const caller = { ...callerOf(call), userId: user.id };
        const outcome = await ledger.decide(decision(openSession, { input, caller }));
        if (outcome.code === 'INVALID_CREDENTIALS') {
          return refuse(ledger, call, guesses, ledgerAnswer(outcome));
        }
        return outcome.status === 201
          ? {
              status: 201,
              body: { token, ...JSON.parse(outcome.json) },
              headers: { Location: '/v1/sessions/current' },
            }
          : ledgerAnswer(outcome);
      });
    },
  });
}

function listRoute({ lists, lists: { readers }, machineMicros }: SessionParts) {
  return defineRoute({
    method: 'GET',
    path: '/v1/sessions',
    operationId: 'listSessions',
    tag: 'Sessions',
    summary: 'Where you are logged in',
    access: { who: 'session' },
    query: z.strictObject(pageQuery),
    answers: listAnswers('SessionPage', liveSessionSchema, 'the sessions that have not ended, newest first'),
    handle: (call) => {
      const { userId, credential } = call.viewer;
      const now = machineMicros();
      const jsonOf = (session: SessionRow) => liveSessionJson(session, credential.id);
      const list: List<SessionRow> = {
        name: 'sessions',
        lists,
        open: async () => ({
          readPage: (part) => listSessions(readers, userId, { ...part, now }),
          count: (part) => countSessions(readers, userId, { ...part, now }),
        }),
        idOf: ({ id }) => String(id),
        jsonOf,
        csv: csvOf(
          ['id', 'createdAt', 'lastUsedAt', 'address', 'expiresAt', 'idleExpiresAt', 'current'],
          jsonOf,
        ),
      };
      return listAnswer(list, call);
    },
  });
}

function endRoute({ ledger }: SessionParts) {
  return defineRoute({
    method: 'DELETE',
    path: '/v1/sessions/{id}',
    operationId: 'endSession',
    tag: 'Sessions',
    summary: 'End one of your sessions',
    description: 'It is dead on the next request; one that was over already stays so.',
    access: { who: 'session' },
    params: z.strictObject({ id: idSchema('session') }),
    answers: { 204: { description: 'Ended.' } },
    refusals: ['NOT_FOUND'],
    async handle(call) {
      const sessionId = rowNumber('ses', call.params.id);
      if (sessionId === undefined) {
        throw noSuchSession();
      }
      const input: EndSession = { userId: call.viewer.userId, sessionId };
      return ledgerAnswer(await decide(ledger, call, endSession, input));
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
