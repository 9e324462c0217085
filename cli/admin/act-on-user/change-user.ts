import type { UserJson } from '../../../server/features/accounts/wire.js';
import type { Context } from '../../context.js';
import { shellCommand } from '../../terminal/shell-quote.js';
import { showCard } from '../../terminal/show.js';
import { visible } from '../../terminal/visible.js';
import { type AgreeOptions, agreeOnUser, type Proposal } from './agree.js';
import { callAbout, userPath } from './ask-user.js';
import { userFields } from './user-text.js';

export interface UserChange extends Proposal {
  readonly change: Partial<Pick<UserJson, 'status' | 'role'>>;
  /** What is so now, of the user who was changed. */
  readonly done: (name: string) => string;
}

/** Freezes, unfreezes, promotes or demotes a user, after the person has agreed to it. @throws Failure */
export async function changeUser(
  context: Context,
  given: string | undefined,
  options: AgreeOptions,
  { change, done, ...proposal }: UserChange,
): Promise<void> {
  const { username, reason } = await agreeOnUser(context, given, options, proposal);
  const user = await callAbout<UserJson>(context, username, {
    method: 'PATCH',
    path: userPath(username),
    body: { ...change, reason },
    ifUnknown: ['See how it stands:', shellCommand(['pay', 'admin', 'user', username])],
  });
  await context.say(`${context.stderr.pen.green('✓')} ${done(visible(user.username))}`);
  await showCard(context, user, userFields(user, context));
}
