import { type FileHandle, open } from 'node:fs/promises';
import type { AdminUserJson, RegisteredUserJson } from '../../server/features/admin/wire.js';
import type { Run } from '../command.js';
import type { Context } from '../context.js';
import { learnCurrencies } from '../conversion/learn-currencies.js';
import { Failure } from '../failure/failure.js';
import { askMissing } from '../terminal/prompts/ask-missing.js';
import { showLine } from '../terminal/show.js';
import { shown } from '../terminal/text/shown.js';
import { confirm } from './act-on-user/agree.js';
import { findUser, refuseOthers } from './act-on-user/ask-user.js';
import { type Person, readPeople } from './people-file.js';

export interface AddUsersOptions {
  readonly out?: string;
  readonly yes?: true;
}

async function findAnybody(context: Context, username: string): Promise<AdminUserJson | undefined> {
  try {
    return await findUser(context, username);
  } catch (error) {
    if (error instanceof Failure && error.kind === 'not-found') {
      return undefined;
    }
    throw error;
  }
}

/** The people who are not registered yet. @throws Failure where a name is somebody else's, by the email address */
async function newPeople(context: Context, people: readonly Person[]): Promise<readonly Person[]> {
  const missing: Person[] = [];
  const others: string[] = [];
  for (const person of people) {
    const user = await findAnybody(context, person.username);
    if (user === undefined) {
      missing.push(person);
    } else if (user.email.toLowerCase() !== person.email.toLowerCase()) {
      others.push(`${person.username} is there with the address ${user.email}`);
    }
  }
  if (others.length > 0) {
    throw new Failure('refused', 'Some names are of somebody else, and nobody was registered:', {
      next: others,
    });
  }
  return missing;
}

/** A file that only its owner reads, to be written on at its end. @throws Failure where others may read it */
async function openPrivately(path: string): Promise<FileHandle> {
  const handle = await open(path, 'a', 0o600);
  const { mode } = await handle.stat();
  if ((mode & 0o077) !== 0 && process.platform !== 'win32') {
    await handle.close();
    throw new Failure('usage', `${path} can be read by others: the passwords would be known.`, {
      next: ['Name a file that is not there yet, or take their rights away: chmod 600'],
    });
  }
  return handle;
}

async function register(context: Context, person: Person): Promise<RegisteredUserJson> {
  const api = await context.api();
  return api.call('POST /v1/admin/users', {
    body: person,
    ifUnknown: [
      'Run it again: who is registered already is left out.',
      `The password of ${person.username} may be lost: pay admin reset-password`,
    ],
  });
}

async function tell(
  context: Context,
  file: FileHandle | undefined,
  { user: { username, email }, oneTimePassword, expiresAt }: RegisteredUserJson,
): Promise<void> {
  if (file) {
    await file.appendFile(`${username},${oneTimePassword}\n`);
    await file.sync();
    return;
  }
  await showLine(context, {
    json: { username, email, oneTimePassword, expiresAt },
    people: () => shown`${username}  ${context.stdout.pen.bold(oneTimePassword)}\n`,
    machine: () => [[username, oneTimePassword]],
  });
}

/**
 * Registers everybody in a file, each with a one-time password. The file is checked whole first; run again, it registers
 * those who are not there yet.
 */
export const addUsers: Run<AddUsersOptions> = async (context, [given], options) => {
  const { path } = await askMissing(context, {
    path: { value: given, message: 'File (username,email,currency):', flag: '<file>' },
  });
  if (!options.yes) {
    context.prompts.gate(['--yes']);
  }
  await refuseOthers(context);
  await learnCurrencies(context);
  const people = await readPeople(path);
  const missing = await newPeople(context, people);
  const there = people.length - missing.length;
  if (there > 0) {
    await context.say(shown`${there} of ${people.length} are registered already.`);
  }
  if (missing.length === 0) {
    return;
  }
  if (!options.yes) {
    await confirm(context, `Register ${missing.length}?`);
  }
  const file = options.out === undefined ? undefined : await openPrivately(options.out);
  try {
    for (const person of missing) {
      await tell(context, file, await register(context, person));
    }
  } finally {
    await file?.close();
  }
  await context.say(
    shown`${context.stderr.pen.green('✓')} ${missing.length} registered. Each one-time password must be changed within seven days; it is shown this once.`,
  );
};
