import type { Clock } from '../../clock.js';
import { Refusal } from '../../errors.js';
import { ledgerAnswer } from '../../http/answer/ledger-answer.js';
import { callerName } from '../../http/contract/caller-name.js';
import { defineRoute } from '../../http/contract/route.js';
import { decide } from '../../ledger/decide.js';
import type { LedgerDoor } from '../../ledger/door.js';
import type { GuessGuard } from '../guesses/guess-guard.js';
import { changePassword, sameAsOneTime } from './change-password.js';
import { changeProfile } from './change-profile.js';
import { checkRegistration } from './check-registration.js';
import { displayNamesRoute } from './display-names.js';
import { findInvitation } from './invitation.js';
import { ownGuess, refuseChange } from './own-password.js';
import { prepareRegistration, type RegistrationParts } from './prepare-registration.js';
import { refuseWeak } from './refuse-weak.js';
import { registerUser } from './register-user.js';
import { makeUserReader, readUser } from './user-store.js';
import {
  passwordChangeSchema,
  profileChangeSchema,
  type RegistrationPolicy,
  registrationCheckSchema,
  registrationSchema,
  userJson,
  userSchema,
} from './wire.js';

export interface AccountParts extends RegistrationParts {
  readonly ledger: LedgerDoor;
  readonly registration: RegistrationPolicy;
  readonly machineMicros: Clock;
  readonly guard: GuessGuard;
}

export function accountRoutes(parts: AccountParts) {
  return [
    registerRoute(parts),
    checkRoute(parts),
    meRoute(parts),
    displayNamesRoute(parts),
    changeProfileRoute(parts),
    changePasswordRoute(parts),
  ];
}

/** Lets in whom the policy lets in. Throws REGISTRATION_CLOSED. */
async function admit(
  { readers, registration, machineMicros }: AccountParts,
  invitation: string | undefined,
): Promise<{ readonly invitationId?: number }> {
  if (registration === 'closed') {
    throw new Refusal(
      'REGISTRATION_CLOSED',
      'Nobody registers themselves here. Ask an administrator to do it.',
    );
  }
  if (invitation !== undefined) {
    return { invitationId: await findInvitation(readers, invitation, machineMicros()) };
  }
  if (registration === 'invite') {
    throw new Refusal(
      'REGISTRATION_CLOSED',
      'Registering here takes an invitation. Ask an administrator for one.',
      {
        errors: [{ field: 'invitation', message: 'is missing' }],
      },
    );
  }
  return {};
}

function registerRoute(parts: AccountParts) {
  return defineRoute({
    method: 'POST',
    path: '/v1/users',
    operationId: 'register',
    tag: 'Account',
    summary: 'Register',
    description:
      'Makes a user with an account in one currency. The opening credit is booked in the same transaction. Who may register is the policy `registration` of GET /v1/server.',
    access: { who: 'anyone' },
    body: registrationSchema,
    rateLimit: 'registration',
    answers: { 201: { description: 'The new user.', schema: userSchema } },
    refusals: [
      'REGISTRATION_CLOSED',
      'USERNAME_TAKEN',
      'WEAK_PASSWORD',
      'UNKNOWN_CURRENCY',
      'CLOCK_UNAVAILABLE',
      'CONVERSION_UNAVAILABLE',
    ],
    async handle(call) {
      const { displayName = null, invitation, ...body } = call.body;
      const invited = await admit(parts, invitation);
      const given = { ...body, ...invited, displayName, role: 'user' } as const;
      const input = await prepareRegistration(parts, given, callerName(call));
      return ledgerAnswer(await decide(parts.ledger, call, registerUser, input));
    },
  });
}

function checkRoute(parts: AccountParts) {
  return defineRoute({
    method: 'POST',
    path: '/v1/users/check',
    operationId: 'checkRegistration',
    tag: 'Account',
    summary: 'Whether one could register so',
    description:
      'Judges each of the fields that are given, with the refusals of registering, and makes nothing. For whoever asks a person one field after the other.',
    access: { who: 'anyone' },
    body: registrationCheckSchema,
    rateLimit: 'check',
    answers: { 204: { description: 'Nothing speaks against it so far.' } },
    refusals: ['REGISTRATION_CLOSED', 'USERNAME_TAKEN', 'WEAK_PASSWORD'],
    async handle(call) {
      await admit(parts, call.body.invitation);
      await checkRegistration(parts, call.body, callerName(call));
      return { status: 204 };
    },
  });
}

function meRoute({ readers }: AccountParts) {
  const readMe = makeUserReader(readers);
  return defineRoute({
    method: 'GET',
    path: '/v1/me',
    operationId: 'showMe',
    tag: 'Account',
    summary: 'Yourself and your balance',
    access: { who: 'user', scope: 'read' },
    answers: { 200: { description: 'You.', schema: userSchema } },
    async handle({ viewer }) {
      const me = await readMe(viewer.userId);
      return { status: 200, body: userJson(me, me) };
    },
  });
}

function changeProfileRoute(parts: AccountParts) {
  return defineRoute({
    method: 'PATCH',
    path: '/v1/me',
    operationId: 'changeProfile',
    tag: 'Account',
    summary: 'Change your email address or display name',
    access: { who: 'session' },
    body: profileChangeSchema,
    description:
      'The email address changes with the current password alone, for who has it may be given the account.',
    rateLimit: 'password',
    answers: { 200: { description: 'You, changed.', schema: userSchema } },
    refusals: ['WRONG_PASSWORD'],
    async handle(call) {
      const { currentPassword, ...change } = call.body;
      const finish = async () => {
        const input = { userId: call.viewer.userId, ...change };
        return ledgerAnswer(await decide(parts.ledger, call, changeProfile, input));
      };
      if (currentPassword === undefined) {
        return finish();
      }
      const user = await readUser(parts.readers, call.viewer.userId);
      return parts.guard.attempt(ownGuess(call), async (guesses) =>
        (await parts.hasher.verify(user.password_hash, currentPassword, callerName(call)))
          ? finish()
          : refuseChange(parts.ledger, call, guesses),
      );
    },
  });
}

function changePasswordRoute(parts: AccountParts) {
  return defineRoute({
    method: 'POST',
    path: '/v1/me/password',
    operationId: 'changePassword',
    tag: 'Account',
    summary: 'Change your password',
    description: 'Ends every other session and every personal token.',
    access: { who: 'session', evenWhenPasswordExpired: true },
    body: passwordChangeSchema,
    rateLimit: 'password',
    answers: { 204: { description: 'Changed.' } },
    refusals: ['WRONG_PASSWORD', 'WEAK_PASSWORD'],
    async handle(call) {
      const { viewer, body } = call;
      const user = await readUser(parts.readers, viewer.userId);
      return parts.guard.attempt(ownGuess(call), async (guesses) => {
        if (!(await parts.hasher.verify(user.password_hash, body.currentPassword, callerName(call)))) {
          return refuseChange(parts.ledger, call, guesses);
        }
        if (viewer.mustChangePassword && body.newPassword === body.currentPassword) {
          throw sameAsOneTime();
        }
        await refuseWeak(parts.judgePassword, 'newPassword', body.newPassword, user, callerName(call));
        const input = {
          userId: user.id,
          sessionId: viewer.credential.id,
          currentHash: user.password_hash,
          newHash: await parts.hasher.hash(body.newPassword, callerName(call)),
        };
        const outcome = await decide(parts.ledger, call, changePassword, input);
        if (outcome.code === 'WRONG_PASSWORD') {
          return refuseChange(parts.ledger, call, guesses);
        }
        return ledgerAnswer(outcome);
      });
    },
  });
}
