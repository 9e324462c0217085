import type { PayServer } from './pay-server.js';
import { makeFolder, plainEnvironment, type Run, runPay } from './run-pay.js';

export const password = 'maple-7-otter';

/** Somebody with a config folder of their own, logged in on a server. */
export interface Person {
  readonly folder: string;
  readonly environment: Record<string, string>;
  pay(...words: string[]): Promise<Run>;
  /** The JSON that a command writes. */
  json(...words: string[]): Promise<unknown>;
}

/** Somebody who has not met any server yet. */
export async function stranger(environment: Readonly<Record<string, string>> = {}): Promise<Person> {
  const folder = await makeFolder();
  const whole = plainEnvironment(folder, environment);
  return {
    folder,
    environment: whole,
    pay: (...words) => runPay(words, whole),
    async json(...words) {
      const { status, stdout, stderr } = await runPay([...words, '--json'], whole);
      if (status !== 0) {
        throw new Error(`pay ${words.join(' ')} ended with ${status}: ${stderr}`);
      }
      return JSON.parse(stdout);
    },
  };
}

/** Registers through the real command, which logs in as well and accepts the server's key. */
export async function register(
  server: PayServer,
  username: string,
  currency: string,
  email = `${username}@example.org`,
): Promise<Person> {
  const person = await stranger({ PAY_SERVER: server.url });
  const words = ['register', '--username', username, '--email', email, '--currency', currency];
  const { status, stderr } = await runPay(
    [...words, '--password-stdin', '--fingerprint', server.fingerprint],
    person.environment,
    `${password}\n`,
  );
  if (status !== 0) {
    throw new Error(`registering ${username} ended with ${status}: ${stderr}`);
  }
  return person;
}
