import type { AdminUserJson } from '../../../server/features/admin/wire.js';
import type { Context } from '../../context.js';
import { Failure } from '../../failure/failure.js';
import { askUsername, findUser } from './ask-user.js';
import { userText } from './user-text.js';

export interface AgreeOptions {
  readonly reason?: string;
  readonly yes?: true;
}

/** The reason of an act, as the audit trail keeps it; asked for where it was not given. */
export async function askReason({ prompts }: Context, given: string | undefined): Promise<string> {
  return (
    given ??
    (await prompts.text({
      message: 'Reason (kept in the audit trail):',
      flag: '--reason',
      validate: (answer) => answer.trim() !== '' || 'Say why.',
    }))
  );
}

/**
 * Asks whether the act is meant.
 * @throws Failure (refused) where it is not
 */
export async function confirm({ prompts }: Context, message: string): Promise<void> {
  if (!(await prompts.confirm({ message, flag: '--yes' }))) {
    throw new Failure('refused', 'Nothing was changed.');
  }
}

export interface Proposal {
  readonly question: (name: string) => string;
  /** What the user is already, where nothing would change. */
  readonly isSo?: (user: AdminUserJson) => string | undefined;
}

export interface Agreed {
  readonly username: string;
  readonly reason: string;
}

/** The user whom an act is about, and the reason: the person sees whom, says why, and says yes. Without a terminal all of it must be given. */
export async function agreeOnUser(
  context: Context,
  given: string | undefined,
  { reason, yes }: AgreeOptions,
  { question, isSo }: Proposal,
): Promise<Agreed> {
  context.prompts.gate([
    ...(given === undefined ? ['<user>'] : []),
    ...(reason === undefined ? ['--reason'] : []),
    ...(yes ? [] : ['--yes']),
  ]);
  if (given !== undefined && reason !== undefined && yes) {
    return { username: given, reason };
  }
  const user = await findUser(context, await askUsername(context, given));
  const { username } = user;
  const already = isSo?.(user);
  if (already !== undefined) {
    throw new Failure('refused', `${username} is ${already} already. Nothing was changed.`);
  }
  await context.prompts.show(userText(user, context));
  const why = await askReason(context, reason);
  if (!yes) {
    await confirm(context, question(username));
  }
  return { username, reason: why };
}
