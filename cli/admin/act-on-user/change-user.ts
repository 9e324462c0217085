import type { Body } from '../../api/operation.js';
import type { Context } from '../../context.js';
import { showCard } from '../../terminal/show.js';
import { shellCommand } from '../../terminal/text/shell-quote.js';
import { shown } from '../../terminal/text/shown.js';
import { type AgreeOptions, agreeOnUser, type Proposal } from './agree.js';
import { aboutUser } from './ask-user.js';
import { userFields } from './user-text.js';

export interface UserChange extends Proposal {
  readonly change: Pick<Body<'PATCH /v1/admin/users/{username}'>, 'status' | 'role'>;
  /** The sentence about the user once the change is made. */
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
  const api = await context.api();
  const call = api.call('PATCH /v1/admin/users/{username}', {
    params: { username },
    body: { ...change, reason },
    ifUnknown: ['See how it stands:', shellCommand(['pay', 'admin', 'user', username])],
  });
  const user = await aboutUser(username, call);
  await context.say(shown`${context.stderr.pen.green('✓')} ${done(user.username)}`);
  await showCard(context, user, userFields(user, context));
}
