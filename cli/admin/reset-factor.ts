import type { Run } from '../command.js';
import { show } from '../terminal/show.js';
import { shellCommand } from '../terminal/text/shell-quote.js';
import { shown } from '../terminal/text/shown.js';
import { type AgreeOptions, agreeOnUser } from './act-on-user/agree.js';
import { aboutUser } from './act-on-user/ask-user.js';

/** Switches off the second factor of somebody who has lost the app and the recovery codes. */
export const resetFactor: Run<AgreeOptions> = async (context, [given], options) => {
  const { username, reason } = await agreeOnUser(context, given, options, {
    question: (name) => `Switch off the second factor of ${name}? The password alone will do then.`,
  });
  const api = await context.api();
  const call = api.call('PATCH /v1/admin/users/{username}', {
    params: { username },
    body: { secondFactor: 'off', reason },
    ifUnknown: [
      'Do it again; once it is off nothing more happens:',
      shellCommand(['pay', 'admin', 'reset-2fa', username]),
    ],
  });
  const user = await aboutUser(username, call);
  await show(context, {
    json: user,
    people: () =>
      shown`${context.stdout.pen.green('✓')} ${user.username} has no second factor now, and is told so.\n`,
    machine: () => [[user.username]],
  });
};
