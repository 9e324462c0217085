import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { Agent, request } from 'undici';
import type { PayServerProcess } from '../../support/server-process.js';
import { until } from '../../support/until.js';

export interface Reply {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The code of a problem document. */
  readonly code: string | undefined;
  readonly elapsedMs: number;
}

export interface User {
  readonly username: string;
  readonly currency: string;
  readonly token: string;
}

export interface Client {
  ask(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    asked?: { token?: string; key?: string; body?: unknown },
  ): Promise<Reply>;
  register(username: string, currency?: string): Promise<User>;
  pay(from: User, to: User, amount: string, key?: string): Promise<Reply>;
  close(): Promise<void>;
}

const password = 'maple-7-otter-ladder';

/** A client that trusts the server's own certificate and no other. */
export async function makeClient(t: ExecutionContext, { url, dataDir }: PayServerProcess): Promise<Client> {
  const agent = new Agent({
    connect: { ca: await readFile(join(dataDir, 'tls.crt'), 'utf8') },
    connections: 64,
    headersTimeout: 60_000,
  });
  t.teardown(() => agent.destroy());

  const ask: Client['ask'] = async (method, path, { token, key, body } = {}) => {
    const startedAtMs = performance.now();
    const answer = await request(`${url}${path}`, {
      dispatcher: agent,
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(key !== undefined && { 'idempotency-key': key }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.body.text();
    const code = /problem\+json/.test(String(answer.headers['content-type']))
      ? JSON.parse(text).code
      : undefined;
    const elapsedMs = performance.now() - startedAtMs;
    return { status: answer.statusCode, text, headers: answer.headers, code, elapsedMs };
  };

  return {
    ask,
    async register(username, currency = 'GBP') {
      const email = `${username}@example.org`;
      const registering = { body: { username, email, password, currency } };
      await expectStatus(
        patiently(() => ask('POST', '/v1/users', registering)),
        201,
      );
      const login = await expectStatus(
        patiently(() => ask('POST', '/v1/sessions', { body: { username, password } })),
        201,
      );
      // A script's token: a session of a person is asked whether the same payment is meant twice.
      const made = await expectStatus(
        ask('POST', '/v1/tokens', {
          token: JSON.parse(login.text).token,
          body: { name: 'script', scopes: ['read', 'pay'] },
        }),
        201,
      );
      return { username, currency, token: JSON.parse(made.text).token };
    },
    pay: (from, to, amount, key = randomUUID()) =>
      ask('POST', '/v1/payments', { token: from.token, key, body: { to: to.username, amount } }),
    close: () => agent.destroy(),
  };
}

/** Logs in with the password that every user of these tests has. */
export function logIn(client: Client, { username }: User): Promise<Reply> {
  return client.ask('POST', '/v1/sessions', { body: { username, password } });
}

/** Asks again where too many passwords are judged or hashed, as they are on a machine that is busy. */
function patiently(ask: () => Promise<Reply>): Promise<Reply> {
  return until('an answer of a server that is not too busy', async () => {
    const reply = await ask();
    return reply.code !== 'OVERLOADED' && reply;
  });
}

async function expectStatus(asked: Promise<Reply>, status: number): Promise<Reply> {
  const reply = await asked;
  if (reply.status !== status) {
    throw new Error(`${reply.status} instead of ${status}: ${reply.text}`);
  }
  return reply;
}

/** The balance of a user in minor units, as the server tells it. */
export async function balanceOf(client: Client, { token }: User): Promise<number> {
  const me = await expectStatus(client.ask('GET', '/v1/me', { token }), 200);
  return Number(JSON.parse(me.text).balance.amount.replace('.', ''));
}
