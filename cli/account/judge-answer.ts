import type { ErrorCode } from '../../server/wire.js';
import type { Body } from '../api/operation.js';
import { isRefusedFor } from '../api/verdict.js';
import type { Context } from '../context.js';
import { Failure } from '../failure/failure.js';

type Answers = Body<'POST /v1/users/check'>;

type JudgedField = 'username' | 'email' | 'password';

const refusalOf: Readonly<Record<JudgedField, readonly ErrorCode[]>> = {
  username: ['USERNAME_TAKEN', 'VALIDATION_FAILED'],
  email: ['VALIDATION_FAILED'],
  password: ['WEAK_PASSWORD', 'VALIDATION_FAILED'],
};

/**
 * Asks the server about one answer of somebody who registers, beside those given before: true, or a sentence that says what is
 * wrong. What it cannot say now it says when all is sent.
 * @throws Failure (interrupted)
 */
export async function judgeAnswer(
  context: Pick<Context, 'api'>,
  field: JudgedField,
  answers: Answers,
): Promise<true | string> {
  try {
    const api = await context.api();
    await api.call('POST /v1/users/check', { body: answers, isAnonymous: true, isQuiet: true });
    return true;
  } catch (error) {
    if (isRefusedFor(error, ...refusalOf[field])) {
      return error.message;
    }
    if (error instanceof Failure && error.kind !== 'interrupted') {
      return true;
    }
    throw error;
  }
}
