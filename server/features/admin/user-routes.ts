import * as z from 'zod';
import { microsOf, timeText } from '../../clock.js';
import { ledgerAnswer } from '../../http/answer/ledger-answer.js';
import { listAnswer } from '../../http/answer/list-answer.js';
import { callerName } from '../../http/contract/caller-name.js';
import { listAnswers } from '../../http/contract/page.js';
import { defineRoute } from '../../http/contract/route.js';
import { decide } from '../../ledger/decide.js';
import { userNotFound } from '../accounts/find-target.js';
import { prepareRegistration } from '../accounts/prepare-registration.js';
import { findUserByName, nameKey } from '../accounts/user-store.js';
import { adminRegistrationSchema, type UserJson, userSchema } from '../accounts/wire.js';
import { makeOneTimePassword, oneTimeMicros } from '../credentials/one-time-password.js';
import type { AdminParts } from './admin-parts.js';
import { type ChangeUser, changeUser } from './change-user.js';
import { registerByAdmin } from './register-by-admin.js';
import { type ResetPassword, resetPassword } from './reset-password.js';
import { userList, userQuerySchema } from './user-list.js';
import { findUserSummary } from './user-summary-store.js';
import {
  adminUserJson,
  adminUserSchema,
  type OneTimePasswordJson,
  oneTimePasswordSchema,
  passwordResetSchema,
  type RegisteredUserJson,
  registeredUserSchema,
  userChangeSchema,
  userRegistrationSchema,
} from './wire.js';

const tag = 'Administration';
const reading = { who: 'user', scope: 'admin' } as const;
const changing = { who: 'session', role: 'admin' } as const;
const params = z.strictObject({ username: z.string().meta({ description: 'The username.' }) });

export function listUsersRoute(parts: AdminParts) {
  const list = userList(parts);
  return defineRoute({
    method: 'GET',
    path: '/v1/admin/users',
    operationId: 'listUsers',
    tag,
    summary: 'Every account with its balance',
    description:
      'Newest first. As `text/csv`, and as `application/x-ndjson` with one user a line, the whole filtered list is streamed, whatever `limit` says; with a cursor, from there on.',
    access: reading,
    query: userQuerySchema,
    answers: listAnswers('UserPage', userSchema, 'users'),
    refusals: ['UNKNOWN_CURRENCY'],
    handle: (call) => listAnswer(list, call),
  });
}

export function showUserRoute({ lists, machineMicros }: Pick<AdminParts, 'lists' | 'machineMicros'>) {
  return defineRoute({
    method: 'GET',
    path: '/v1/admin/users/{username}',
    operationId: 'showUser',
    tag,
    summary: 'One user whole',
    access: reading,
    params,
    answers: { 200: { description: 'The user.', schema: adminUserSchema } },
    refusals: ['NOT_FOUND', 'OVERLOADED'],
    async handle({ viewer, address, params: { username } }) {
      // What a user has done is counted, however much it is.
      const summary = await lists.inTurn({ userId: viewer.userId, address }, () =>
        findUserSummary(lists.readers, username, { now: machineMicros() }),
      );
      if (!summary) {
        throw userNotFound(username);
      }
      return { status: 200, body: adminUserJson(summary) };
    },
  });
}

export function changeUserRoute({ ledger }: AdminParts) {
  return defineRoute({
    method: 'PATCH',
    path: '/v1/admin/users/{username}',
    operationId: 'changeUser',
    tag,
    summary: 'Freeze, unfreeze, promote or demote a user, or switch a second factor off',
    description:
      'A frozen account can log in, read, receive, decline and cancel, not pay, ask, accept, refund or administer; its user is told the reason. Nobody can freeze or demote themselves. `secondFactor: "off"` is for whoever has lost the app and the recovery codes, and is told. What is so already stays as it is.',
    access: changing,
    params,
    body: userChangeSchema,
    answers: { 200: { description: 'The user, changed.', schema: userSchema } },
    refusals: ['NOT_FOUND', 'LAST_ADMIN', 'ACCOUNT_FROZEN'],
    async handle(call) {
      const { status, role, secondFactor, reason } = call.body;
      const input: ChangeUser = {
        username: nameKey(call.params.username),
        ...(status !== undefined && { status }),
        ...(role !== undefined && { role }),
        ...(secondFactor !== undefined && { secondFactor }),
        reason,
      };
      return ledgerAnswer(await decide(ledger, call, changeUser, input));
    },
  });
}

export function resetPasswordRoute({ readers, ledger, hasher }: AdminParts) {
  return defineRoute({
    method: 'POST',
    path: '/v1/admin/users/{username}/password',
    operationId: 'resetPassword',
    tag,
    summary: 'Reset a password to a one-time one',
    description:
      'Ends all sessions and personal tokens of the user, who can log in with the one-time password and must change it before anything else, within 24 hours. It is shown this once: where the answer is lost, reset again.',
    access: changing,
    params,
    body: passwordResetSchema,
    answers: { 200: { description: 'The one-time password.', schema: oneTimePasswordSchema } },
    refusals: ['NOT_FOUND', 'ACCOUNT_FROZEN'],
    async handle(call) {
      const { username } = call.params;
      // The name is looked up before the costly hashing; the ledger judges it again.
      if (!(await findUserByName(readers, username))) {
        throw userNotFound(username);
      }
      const oneTimePassword = makeOneTimePassword();
      const input: ResetPassword = {
        username: nameKey(username),
        passwordHash: await hasher.hash(oneTimePassword, callerName(call)),
        reason: call.body.reason,
      };
      const outcome = await decide(ledger, call, resetPassword, input);
      return outcome.status === 200
        ? {
            status: 200,
            body: { oneTimePassword, ...JSON.parse(outcome.json) } satisfies OneTimePasswordJson,
          }
        : ledgerAnswer(outcome);
    },
  });
}

const registrationRefusals = [
  'USERNAME_TAKEN',
  'UNKNOWN_CURRENCY',
  'CLOCK_UNAVAILABLE',
  'CONVERSION_UNAVAILABLE',
  'ACCOUNT_FROZEN',
] as const;

export function registerOtherRoute(parts: AdminParts) {
  return defineRoute({
    method: 'POST',
    path: '/v1/admin/users',
    operationId: 'registerOther',
    tag,
    summary: 'Register somebody',
    description:
      'Whoever may register themselves here. The user is given the opening credit, and a one-time password that must be changed after the first login, within seven days. It is shown this once: where the answer is lost, reset it.',
    access: changing,
    body: userRegistrationSchema,
    answers: {
      201: { description: 'The new user and the one-time password.', schema: registeredUserSchema },
    },
    refusals: registrationRefusals,
    async handle(call) {
      const { displayName = null, currency = call.viewer.currency, ...body } = call.body;
      const password = makeOneTimePassword();
      const given = {
        ...body,
        ...({ currency, displayName, password, role: 'user' } as const),
        oneTimeForMicros: oneTimeMicros.registration,
      };
      const input = await prepareRegistration(parts, given, callerName(call));
      const outcome = await decide(parts.ledger, call, registerByAdmin, input);
      if (outcome.status !== 201) {
        return ledgerAnswer(outcome);
      }
      const user: UserJson = JSON.parse(outcome.json);
      const expiresAt = timeText(microsOf(user.createdAt) + oneTimeMicros.registration);
      return {
        status: 201,
        body: { user, oneTimePassword: password, expiresAt } satisfies RegisteredUserJson,
        headers: { ...(outcome.location !== null && { Location: outcome.location }) },
      };
    },
  });
}

export function registerAdminRoute(parts: AdminParts) {
  return defineRoute({
    method: 'POST',
    path: '/v1/admin/admins',
    operationId: 'registerAdmin',
    tag,
    summary: 'Register another administrator',
    description: 'A user like anyone, with an account and the opening credit, and the role.',
    access: changing,
    body: adminRegistrationSchema,
    answers: { 201: { description: 'The new administrator.', schema: userSchema } },
    refusals: [...registrationRefusals, 'WEAK_PASSWORD'],
    async handle(call) {
      const currency = call.body.currency ?? call.viewer.currency;
      const given = { ...call.body, currency, displayName: null, role: 'admin' } as const;
      const input = await prepareRegistration(parts, given, callerName(call));
      return ledgerAnswer(await decide(parts.ledger, call, registerByAdmin, input));
    },
  });
}
