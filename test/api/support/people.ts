import { randomUUID } from 'node:crypto';
import { until } from '../../support/until.js';
import type { Client, Reply } from './client.js';

export interface Person {
  readonly id: string;
  readonly username: string;
  readonly email: string;
  readonly password: string;
  readonly currency: string;
  /** Of a session, where not said otherwise. */
  readonly token: string;
}

export const goodPassword = 'copper-lantern-42-river';

/** A username that nobody has. */
export const freshName = (prefix = 'user') => `${prefix}-${randomUUID().slice(0, 13)}`;

export async function register(
  client: Client,
  { username = freshName(), currency = 'GBP', ...others }: { username?: string; currency?: string } = {},
): Promise<Reply> {
  const send = { username, email: `${username}@example.org`, password: goodPassword, currency, ...others };
  return patiently(() => client.ask('/v1/users', { send }));
}

/** Whether the server has too much to do just now, as it says: a crowd that joins at once is more than it hashes for. */
const isBusy = ({ json }: Reply): boolean =>
  json?.code === 'OVERLOADED' ||
  (json?.code === 'RATE_LIMITED' && /being (checked|judged) right now/.test(json.detail));

/** Asks again where the server was too busy: then it has done nothing. */
export const patiently = (asks: () => Promise<Reply>): Promise<Reply> =>
  until('an answer', async () => {
    const reply = await asks();
    return isBusy(reply) ? undefined : reply;
  });

export async function logIn(client: Client, username: string, password = goodPassword): Promise<string> {
  const reply = await patiently(() => client.ask('/v1/sessions', { send: { username, password } }));
  if (reply.status !== 201) {
    throw new Error(`${username} cannot log in: ${reply.text}`);
  }
  return reply.json.token;
}

/** Somebody who has registered and logged in. */
export async function newPerson(client: Client, currency = 'GBP', prefix = 'user'): Promise<Person> {
  const username = freshName(prefix);
  const reply = await register(client, { username, currency });
  if (reply.status !== 201) {
    throw new Error(`${username} cannot register: ${reply.text}`);
  }
  const { id, email } = reply.json;
  return { id, username, email, password: goodPassword, currency, token: await logIn(client, username) };
}

/** The same person acting by a script, whose personal token is not asked whether a payment is meant twice. */
export async function asScript<Someone extends Person>({ ask }: Client, person: Someone): Promise<Someone> {
  const send = { name: 'script', scopes: ['read', 'pay', 'request'] };
  const reply = await ask('/v1/tokens', { token: person.token, send });
  if (reply.status !== 201) {
    throw new Error(`${person.username} cannot make a token: ${reply.text}`);
  }
  return { ...person, token: reply.json.token };
}

/** Somebody new who acts by a script. */
export async function newScript(client: Client, currency = 'GBP'): Promise<Person> {
  return asScript(client, await newPerson(client, currency));
}

export interface Sending {
  readonly to: string;
  readonly amount: string;
  readonly [field: string]: unknown;
}

/** Asks for a payment, under a new key where none is given. */
export function pay(
  { ask }: Client,
  from: Person,
  send: Sending,
  key: string = randomUUID(),
): Promise<Reply> {
  return ask('/v1/payments', { token: from.token, key, send });
}

export async function balanceOf({ ask }: Client, { token }: Person): Promise<string> {
  return (await ask('/v1/me', { token })).json.balance.amount;
}

/** A person's whole history, newest first, page by page. */
export async function historyOf({ ask }: Client, { token }: Person, query = ''): Promise<Reply['json'][]> {
  const payments: Reply['json'][] = [];
  let cursor: string | null = null;
  do {
    const more: string = cursor === null ? query : `&cursor=${encodeURIComponent(cursor)}`;
    const { json } = await ask(`/v1/payments?limit=100${more}`, { token });
    payments.push(...json.data);
    cursor = json.nextCursor;
  } while (cursor !== null);
  return payments;
}

/** The money of people as they can see it: two of these are equal exactly when nothing has changed. */
export async function moneyOf(client: Client, people: readonly Person[]): Promise<unknown> {
  return Promise.all(
    people.map(async (person) => [await balanceOf(client, person), await historyOf(client, person)]),
  );
}
