import type { PayServer } from './pay-server.js';
import { makeFolder, plainEnvironment, type Run, runPay } from './run-pay.js';
import { runPayInside } from './run-pay-inside.js';

export const password = 'maple-7-otter';

/** Somebody with a config folder of their own, logged in on a server. */
export interface Person {
  readonly folder: string;
  readonly environment: Record<string, string>;
  pay(...words: string[]): Promise<Run>;
  /** The JSON that a command writes. */
  json(...words: string[]): Promise<unknown>;
}

/** How somebody's commands are run: each in a process of its own, or in this one. */
export type Runs = typeof runPay;

/** Somebody who has not met any server yet. */
export async function stranger(
  environment: Readonly<Record<string, string>> = {},
  runs: Runs = runPay,
): Promise<Person> {
  const folder = await makeFolder();
  const whole = plainEnvironment(folder, environment);
  return {
    folder,
    environment: whole,
    pay: (...words) => runs(words, whole),
    async json(...words) {
      const { status, stdout, stderr } = await runs([...words, '--json'], whole);
      if (status !== 0) {
        throw new Error(`pay ${words.join(' ')} ended with ${status}: ${stderr}`);
      }
      return JSON.parse(stdout);
    },
  };
}

/** Registers through the real command, run in this process, which logs in as well and accepts the server's key. */
export async function register(
  server: PayServer,
  username: string,
  currency: string,
  email = `${username}@example.org`,
  runs: Runs = runPay,
): Promise<Person> {
  const person = await stranger({ PAY_SERVER: server.url }, runs);
  const words = ['register', '--username', username, '--email', email, '--currency', currency];
  const { status, stderr } = await runPayInside(
    [...words, '--password-stdin', '--fingerprint', server.fingerprint],
    person.environment,
    `${password}\n`,
  );
  if (status !== 0) {
    throw new Error(`registering ${username} ended with ${status}: ${stderr}`);
  }
  return person;
}

/** Somebody new whose every command runs in this process. */
export const registerInside = (
  server: PayServer,
  username: string,
  currency: string,
  email?: string,
): Promise<Person> => register(server, username, currency, email, runPayInside);
