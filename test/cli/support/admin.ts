import { join } from 'node:path';
import { execa } from 'execa';
import type { ApiServer } from '../../api/support/api-server.js';
import type { PayServer } from './pay-server.js';
import { type Person, password, stranger } from './person.js';
import { root } from './run-pay.js';
import { runPayInside } from './run-pay-inside.js';

/** The server as the supports of the command line take it. */
export function payServerOf(server: ApiServer): PayServer {
  return {
    url: server.url,
    fingerprint: /SHA256:\S+/.exec(server.stderr())?.[0] ?? '',
    stop: async () => void (await server.stop()),
  };
}

/** Somebody who is logged in on a server that they have not met, and whose every command runs in this process. */
export async function logInAs(server: PayServer, username: string, word = password): Promise<Person> {
  const person = await stranger({ PAY_SERVER: server.url }, runPayInside);
  const words = ['login', username, '--password-stdin', '--fingerprint', server.fingerprint];
  const { status, stderr } = await runPayInside(words, person.environment, `${word}\n`);
  if (status !== 0) {
    throw new Error(`logging in as ${username} ended with ${status}: ${stderr}`);
  }
  return person;
}

/** The first administrator, made on the server's own machine, and logged in. */
export async function firstAdmin(server: ApiServer, username = 'root'): Promise<Person> {
  await execa(
    process.execPath,
    [
      ...[join(root, 'bin/pay-server'), 'admin', 'create', '--data', server.dataDir],
      ...['--username', username, '--email', `${username}@example.org`, '--password-stdin'],
      ...['--time-port', '0'],
    ],
    { env: { PATH: process.env.PATH ?? '' }, extendEnv: false, input: `${password}\n` },
  );
  return logInAs(payServerOf(server), username);
}
