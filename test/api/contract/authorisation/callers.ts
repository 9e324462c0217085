import type { Scope } from '../../../../server/http/contract/route.js';
import { newAdmin } from '../../support/admins.js';
import type { ApiServer } from '../../support/api-server.js';
import { logIn, newPerson, type Person } from '../../support/people.js';

/** Somebody who asks, with what they ask. */
export interface Caller {
  readonly name: string;
  /** Whose things are asked for: the caller's own where `isOwner`. */
  readonly owner: Person;
  readonly isOwner: boolean;
  /** Nothing, a session, or a personal token with this scope alone. */
  readonly credential: 'none' | 'session' | Scope;
  /** Undefined for nobody. */
  readonly token?: string;
  /** Another session of the same person, which may end. */
  readonly anotherSession?: () => Promise<string>;
  readonly isAdmin?: true;
  readonly isFrozen?: true;
  readonly isExpired?: true;
}

/** The people that the callers are. */
export interface Cast {
  readonly admin: Person;
  readonly callers: readonly Caller[];
}

async function tokenOf({ ask }: ApiServer, { token }: Person, scope: Scope): Promise<string> {
  const made = await ask('/v1/tokens', { token, send: { name: scope, scopes: [scope] } });
  if (made.status !== 201) {
    throw new Error(`There is no token for ${scope}: ${made.text}`);
  }
  return made.json.token;
}

/** Somebody whose password an administrator has reset, logged in with the one-time one. */
async function expire({ ask, ...server }: ApiServer, admin: Person, person: Person): Promise<Person> {
  const path = `/v1/admin/users/${person.username}/password`;
  const reset = await ask(path, { token: admin.token, send: { reason: 'forgotten' } });
  const password: string = reset.json.oneTimePassword;
  return { ...person, password, token: await logIn({ ask, ...server }, person.username, password) };
}

/** The token of an administrator with the scope admin, from before the demotion. */
async function demotedToken(server: ApiServer, admin: Person): Promise<string> {
  const former = await newAdmin(server);
  const token = await tokenOf(server, former, 'admin');
  const demoted = await server.ask(`/v1/admin/users/${former.username}`, {
    method: 'PATCH',
    token: admin.token,
    send: { role: 'user', reason: 'left the office' },
  });
  if (demoted.status !== 200) {
    throw new Error(`Nobody was demoted: ${demoted.text}`);
  }
  return token;
}

/** Everybody who asks for every route. */
export async function makeCast(server: ApiServer): Promise<Cast> {
  const [owner, stranger, frozen, forgetful] = await Promise.all([
    newPerson(server),
    newPerson(server),
    newPerson(server),
    newPerson(server),
  ]);
  const admin = await newAdmin(server);
  const expired = await expire(server, admin, forgetful);
  const sessionOf = (person: Person) => ({
    credential: 'session' as const,
    token: person.token,
    anotherSession: () => logIn(server, person.username, person.password),
  });
  const ownToken = async (scope: Scope): Promise<Caller> => ({
    ...{ name: `the owner's token to ${scope}`, owner, isOwner: true },
    ...{ credential: scope, token: await tokenOf(server, owner, scope) },
  });
  const others = { owner, isOwner: false };
  return {
    admin,
    callers: [
      { name: 'nobody', ...others, credential: 'none' },
      { name: 'a stranger', ...others, ...sessionOf(stranger) },
      { name: 'the owner', owner, isOwner: true, ...sessionOf(owner) },
      ...(await Promise.all((['pay', 'request', 'read'] as const).map(ownToken))),
      { name: 'a frozen owner', owner: frozen, isOwner: true, ...sessionOf(frozen), isFrozen: true },
      { name: 'a user whose password expired', ...others, ...sessionOf(expired), isExpired: true },
      { name: 'an administrator', ...others, ...sessionOf(admin), isAdmin: true },
      {
        ...{ name: "an administrator's token", ...others, isAdmin: true },
        ...{ credential: 'admin', token: await tokenOf(server, admin, 'admin') },
      },
      {
        ...{ name: "a former administrator's token", ...others },
        ...{ credential: 'admin', token: await demotedToken(server, admin) },
      },
    ],
  };
}
