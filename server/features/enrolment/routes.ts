import type { Database } from '../../../db/connect.js';
import { Refusal } from '../../errors.js';
import { ledgerAnswer } from '../../http/answer/ledger-answer.js';
import { callerName } from '../../http/contract/caller-name.js';
import { defineRoute } from '../../http/contract/route.js';
import { decide } from '../../ledger/decide.js';
import type { LedgerDoor } from '../../ledger/door.js';
import { currencyOf } from '../../money/currency.js';
import { parseAmount } from '../../money/parse.js';
import { ownGuess, refuseChange } from '../accounts/own-password.js';
import { readUser } from '../accounts/user-store.js';
import type { PasswordHasher } from '../credentials/password-hash.js';
import type { GuessGuard } from '../guesses/guess-guard.js';
import { findFactor } from '../second-factor/factor-store.js';
import { hashRecoveryCode, makeRecoveryCodes } from '../second-factor/recovery-codes.js';
import type { Sealer } from '../second-factor/sealed-secret.js';
import { makeSecret, secretUri } from '../second-factor/time-codes.js';
import { beginFactor } from './begin-factor.js';
import { changeFactor } from './change-factor.js';
import { confirmableMinutes, confirmFactor } from './confirm-factor.js';
import { switchFactorOff } from './switch-factor-off.js';
import {
  beginFactorSchema,
  changeFactorSchema,
  confirmFactorSchema,
  factorJson,
  factorSchema,
  factorSecretSchema,
  recoveryCodesSchema,
  switchOffSchema,
} from './wire.js';

export interface EnrolmentParts {
  readonly readers: Database;
  readonly ledger: LedgerDoor;
  readonly hasher: PasswordHasher;
  readonly guard: GuessGuard;
  readonly sealer: Sealer;
  /** The name by which the app calls this server. */
  readonly issuer: string;
}

const tag = 'Second factor';
const path = '/v1/me/second-factor';
const access = { who: 'session' } as const;

export function enrolmentRoutes(parts: EnrolmentParts) {
  return [showRoute(parts), beginRoute(parts), confirmRoute(parts), changeRoute(parts), offRoute(parts)];
}

function showRoute({ readers }: EnrolmentParts) {
  return defineRoute({
    method: 'GET',
    path,
    operationId: 'showSecondFactor',
    tag,
    summary: 'Whether your second factor is on',
    access,
    answers: { 200: { description: 'How it stands.', schema: factorSchema } },
    async handle({ viewer: { userId, currency } }) {
      return { status: 200, body: factorJson(await findFactor(readers, userId), currency) };
    },
  });
}

function beginRoute(parts: EnrolmentParts) {
  const { readers, ledger, hasher, guard, sealer, issuer } = parts;
  return defineRoute({
    method: 'POST',
    path,
    operationId: 'beginSecondFactor',
    tag,
    summary: 'Begin to use a second factor',
    description: `Gives a secret for an app that makes codes of it (TOTP, RFC 6238: SHA-1, six digits, thirty seconds). Nothing asks for a code until a first one has confirmed it, within ${confirmableMinutes} minutes.`,
    access,
    body: beginFactorSchema,
    rateLimit: 'password',
    answers: { 200: { description: 'The secret, shown this once.', schema: factorSecretSchema } },
    refusals: ['WRONG_PASSWORD', 'SECOND_FACTOR_ON'],
    async handle(call) {
      const user = await readUser(readers, call.viewer.userId);
      return guard.attempt(ownGuess(call), async (guesses) => {
        if (!(await hasher.verify(user.password_hash, call.body.currentPassword, callerName(call)))) {
          return refuseChange(ledger, call, guesses);
        }
        const secret = makeSecret();
        const outcome = await decide(ledger, call, beginFactor, {
          userId: user.id,
          currentHash: user.password_hash,
          secret: sealer.seal(secret, user.id),
        });
        return outcome.status === 200
          ? { status: 200, body: { secret, uri: secretUri(secret, { issuer, username: user.username }) } }
          : ledgerAnswer(outcome);
      });
    },
  });
}

function confirmRoute({ ledger }: EnrolmentParts) {
  return defineRoute({
    method: 'POST',
    path: '/v1/me/second-factor/confirm',
    operationId: 'confirmSecondFactor',
    tag,
    summary: 'Switch the second factor on',
    description:
      'With a code of the app, which is used up by it. From then on logging in asks for one, and what an administrator changes. The recovery codes are kept as hashes only: where the answer is lost, switch it off with a code and on again.',
    access,
    body: confirmFactorSchema,
    answers: { 200: { description: 'Ten recovery codes, shown this once.', schema: recoveryCodesSchema } },
    refusals: ['SECOND_FACTOR_REQUIRED', 'NOT_FOUND'],
    async handle(call) {
      const { viewer, body, requestId, address } = call;
      const recoveryCodes = makeRecoveryCodes();
      const shown = { viewer, requestId, address, shownCode: body.code };
      const outcome = await decide(ledger, shown, confirmFactor, {
        userId: viewer.userId,
        recoveryHashes: recoveryCodes.map(hashRecoveryCode),
      });
      return outcome.status === 200 ? { status: 200, body: { recoveryCodes } } : ledgerAnswer(outcome);
    },
  });
}

/** The minor units of the amount. Throws INVALID_AMOUNT, or UNKNOWN_CURRENCY where it is in another than the user's own. */
function minorOf(above: { readonly amount: string; readonly currency: string }, currency: string): number {
  if (above.currency !== currency) {
    const message = `must be ${currency}, the currency of your account`;
    throw new Refusal('UNKNOWN_CURRENCY', `above.currency: ${message}.`, {
      errors: [{ field: 'above.currency', message }],
    });
  }
  const parsed = parseAmount(above.amount, currencyOf(currency));
  if ('fault' in parsed) {
    throw new Refusal('INVALID_AMOUNT', parsed.message, {
      errors: [{ field: 'above.amount', message: parsed.message }],
    });
  }
  return parsed.minor;
}

function changeRoute({ ledger }: EnrolmentParts) {
  return defineRoute({
    method: 'PATCH',
    path,
    operationId: 'changeSecondFactor',
    tag,
    summary: 'Above which amount a payment asks for a code',
    description:
      'Sending, accepting a request, giving back, and a payout by what it pays in all: whoever pays more at once is asked, personal tokens as well as sessions, since a script that may pay without anybody looking is what the amount is for. A dry run is not. This change takes a code, too.',
    access,
    body: changeFactorSchema,
    answers: { 200: { description: 'How it stands now.', schema: factorSchema } },
    refusals: ['SECOND_FACTOR_REQUIRED', 'NOT_FOUND', 'INVALID_AMOUNT', 'UNKNOWN_CURRENCY'],
    async handle(call) {
      const { viewer, body } = call;
      const above = body.above === null ? null : minorOf(body.above, viewer.currency);
      return ledgerAnswer(await decide(ledger, call, changeFactor, { userId: viewer.userId, above }));
    },
  });
}

function offRoute({ ledger }: EnrolmentParts) {
  return defineRoute({
    method: 'DELETE',
    path,
    operationId: 'switchSecondFactorOff',
    tag,
    summary: 'Switch the second factor off',
    description:
      'With a code, in the header or in the body. The secret and the recovery codes are forgotten.',
    access,
    body: switchOffSchema,
    answers: { 204: { description: 'Off.' } },
    refusals: ['SECOND_FACTOR_REQUIRED', 'NOT_FOUND'],
    async handle(call) {
      const { viewer, body, requestId, address, shownCode = body.code } = call;
      const shown = { viewer, requestId, address, shownCode };
      return ledgerAnswer(await decide(ledger, shown, switchFactorOff, { userId: viewer.userId }));
    },
  });
}
