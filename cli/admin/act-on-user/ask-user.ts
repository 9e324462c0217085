import type { AdminUserJson } from '../../../server/features/admin/wire.js';
import type { Context } from '../../context.js';
import { Failure } from '../../failure/failure.js';

/** The answer to a call about one user. @throws Failure (not-found) that names the user, among others */
export async function aboutUser<Answer>(username: string, answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Failure && error.kind === 'not-found') {
      throw new Failure('not-found', `There is no user ${username}.`, {
        ...error.details,
        next: ['Look them up: pay admin users --search'],
      });
    }
    throw error;
  }
}

/** One user whole. @throws Failure */
export async function findUser(context: Context, username: string): Promise<AdminUserJson> {
  const api = await context.api();
  return await aboutUser(username, api.call('GET /v1/admin/users/{username}', { params: { username } }));
}

/** Refuses filters that name nobody: a list of nothing would pass for an answer. @throws Failure (not-found) */
export async function checkUsers(context: Context, ...usernames: (string | undefined)[]): Promise<void> {
  for (const username of usernames.filter((given) => given !== undefined)) {
    await findUser(context, username);
  }
}

/** Refuses whoever is no administrator before they are asked for anything. @throws Failure (not-allowed) */
export async function refuseOthers(context: Context): Promise<void> {
  const api = await context.api();
  await api.call('GET /v1/admin/users', { query: { limit: '1' } });
}

/** The username that was given, or that the person types. */
export async function askUsername(context: Context, given: string | undefined): Promise<string> {
  if (given !== undefined) {
    return given;
  }
  context.prompts.gate(['<user>']);
  await refuseOthers(context);
  return (await context.prompts.text({ message: 'Username:', flag: '<user>' })).trim();
}
