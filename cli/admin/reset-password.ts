import { findMe } from '../account/find-me.js';
import type { Run } from '../command.js';
import type { Context } from '../context.js';
import { Failure } from '../failure/failure.js';
import { show } from '../terminal/show.js';
import { shellCommand } from '../terminal/text/shell-quote.js';
import { shown } from '../terminal/text/shown.js';
import { type AgreeOptions, agreeOnUser } from './act-on-user/agree.js';
import { aboutUser } from './act-on-user/ask-user.js';

async function refuseOwn(context: Context, given: string | undefined): Promise<void> {
  const { username } = await findMe(context);
  if (given?.toLowerCase() === username.toLowerCase()) {
    throw new Failure('not-allowed', 'Nobody resets their own password.', {
      next: ['Change it: pay password'],
    });
  }
}

/** Shows the one-time password, once; alone on stdout where that is a pipe. */
export const resetPassword: Run<AgreeOptions> = async (context, [given], options) => {
  await refuseOwn(context, given);
  const { username, reason } = await agreeOnUser(context, given, options, {
    question: (name) => `Reset the password of ${name}, and end all their sessions and tokens?`,
  });
  const again = shellCommand(['pay', 'admin', 'reset-password', username]);
  const api = await context.api();
  const call = api.call('POST /v1/admin/users/{username}/password', {
    params: { username },
    body: { reason },
    ifUnknown: ['Reset it again, for a password that was not shown is lost:', again],
  });
  const { oneTimePassword } = await aboutUser(username, call);
  const { pen } = context.stderr;
  await context.say(
    shown`${pen.green('✓')} The password of ${username} is reset, and all their sessions and tokens have ended.
  This one-time password is shown once. It must be changed at the first login:`,
  );
  await show(context, {
    json: { username, oneTimePassword },
    people: () => shown`\n  ${context.stdout.pen.bold(oneTimePassword)}\n\n`,
    machine: () => [[oneTimePassword]],
  });
};
