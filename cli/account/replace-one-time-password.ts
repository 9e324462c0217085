import { isRefusedFor } from '../api/verdict.js';
import type { Context } from '../context.js';
import { Failure } from '../failure/failure.js';
import { shown } from '../terminal/text/shown.js';
import { askNewPassword } from './ask-new-password.js';
import { changePassword } from './change-password.js';
import { judgeAnswer } from './judge-answer.js';

interface BegunSession {
  readonly username: string;
  readonly token: string;
  /** The one-time password. */
  readonly password: string;
}

function stillToChange(kind: 'not-allowed' | 'interrupted', username: string): Failure {
  return new Failure(
    kind,
    `Logged in as ${username} with a one-time password: nothing else is allowed until it is changed.`,
    { next: ['Choose a new one: pay password'], figures: { code: 'PASSWORD_CHANGE_REQUIRED' } },
  );
}

async function askAndChange(context: Context, { password, token }: BegunSession): Promise<void> {
  // Passwords are judged without the username, which is taken: of somebody who registers that would be the first thing to
  // say.
  const judge = (answer: string) => judgeAnswer(context, 'password', { password: answer });
  for (;;) {
    const newPassword = await askNewPassword(context.prompts, 'New password:', judge);
    try {
      await changePassword(context, { currentPassword: password, newPassword }, token);
      return;
    } catch (error) {
      if (!isRefusedFor(error, 'WEAK_PASSWORD')) {
        throw error;
      }
      await context.prompts.show(shown`${context.stderr.pen.red('✗')} ${error.message}`);
    }
  }
}

/**
 * Leads whoever has logged in with a one-time password to a new one, at once where there is a person to ask.
 * @throws Failure (not-allowed) naming the command that changes it, where there is none
 */
export async function replaceOneTimePassword(
  context: Context,
  begun: BegunSession,
  isAsked: boolean,
): Promise<void> {
  const { username } = begun;
  if (!isAsked || !context.prompts.canAsk) {
    throw stillToChange('not-allowed', username);
  }
  await context.prompts.show(
    shown`${context.stderr.pen.yellow('!')} This was a one-time password. Choose one of your own to go on.`,
  );
  try {
    await askAndChange(context, begun);
  } catch (error) {
    throw error instanceof Failure && error.kind === 'interrupted'
      ? stillToChange('interrupted', username)
      : error;
  }
  await context.say(shown`${context.stderr.pen.green('✓')} The password is changed.`);
}
