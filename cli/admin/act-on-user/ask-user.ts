import type { AdminUserJson } from '../../../server/features/admin/wire.js';
import type { Call } from '../../api/api.js';
import type { Context } from '../../context.js';
import { Failure } from '../../failure.js';
import { visible } from '../../terminal/visible.js';

/** The path of a user among those of administrators, and of what is below it. */
export function userPath(username: string, below = ''): string {
  return `/v1/admin/users/${encodeURIComponent(username)}${below}`;
}

/** The answer to a call about one user. @throws Failure (not-found), among others */
export async function callAbout<Answer>(context: Context, username: string, call: Call): Promise<Answer> {
  const api = await context.api();
  try {
    return await api.json<Answer>(call);
  } catch (error) {
    if (error instanceof Failure && error.kind === 'not-found') {
      throw new Failure('not-found', `There is no user ${visible(username)}.`, {
        ...error.details,
        next: ['Look them up: pay admin users --search'],
      });
    }
    throw error;
  }
}

/** One user whole. @throws Failure */
export function findUser(context: Context, username: string): Promise<AdminUserJson> {
  return callAbout<AdminUserJson>(context, username, { method: 'GET', path: userPath(username) });
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
