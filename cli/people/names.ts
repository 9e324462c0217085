import type { Context } from '../context.js';
import { Failure } from '../failure/failure.js';

/** The name that stands for a user where a person reads; hidden characters are still in it. */
export type NameOf = (username: string) => string;

/** The most names that are asked for at once, so that the address of the call stays short. */
const mostAtOnce = 50;

export const bareName: NameOf = (username) => username;

type Asking = Pick<Context, 'api' | 'stdout' | 'isJson' | 'prompts'>;

async function displayNames(
  context: Asking,
  usernames: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const api = await context.api();
  const found = new Map<string, string>();
  for (let from = 0; from < usernames.length; from += mostAtOnce) {
    const of = usernames.slice(from, from + mostAtOnce).join(',');
    const { data } = await api.call('GET /v1/display-names', { query: { of } });
    for (const { username, displayName } of data) {
      found.set(username.toLowerCase(), displayName);
    }
  }
  return found;
}

/**
 * The names of these users for a person: the username and, where they have one, the display name behind it. The username
 * comes first and alone counts, for anybody may take any display name. They are not worth a failure: where they cannot be
 * had (the token may not read, the server is an older one), the usernames stand alone. Programs are given usernames.
 */
export async function fetchNames(context: Asking, usernames: Iterable<string | null>): Promise<NameOf> {
  const { stdout, isJson, prompts } = context;
  const wanted = [...new Set(usernames)].filter((username) => username !== null);
  if (wanted.length === 0 || isJson || !(stdout.isTerminal || prompts.canAsk)) {
    return bareName;
  }
  try {
    const found = await displayNames(context, wanted);
    return (username) => {
      const displayName = found.get(username.toLowerCase());
      return displayName === undefined ? username : `${username} · ${displayName}`;
    };
  } catch (error) {
    if (error instanceof Failure && error.kind !== 'interrupted') {
      return bareName;
    }
    throw error;
  }
}
