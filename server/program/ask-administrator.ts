import { text as wholeText } from 'node:stream/consumers';
import type * as z from 'zod';
import { emailSchema, usernameSchema } from '../features/accounts/wire.js';
import { CommandProblem } from './command/command-problem.js';
import type { ServerCommandContext } from './command/server-command.js';

export interface AdministratorFlags {
  readonly username?: string;
  readonly email?: string;
  readonly currency?: string;
  readonly passwordStdin?: true;
  readonly oneTimePassword?: true;
}

export interface AskedAdministrator {
  readonly username: string;
  readonly email: string;
  /** The password; none where a one-time password is to be made. */
  readonly password?: string | undefined;
}

type Streams = Pick<ServerCommandContext, 'stdin' | 'stderr'>;

const listSeparator = new Intl.ListFormat('en', { type: 'conjunction' });

function refuseWithoutTerminal({ stdin, stderr }: Streams, flags: AdministratorFlags): void {
  const missing = [
    ...(flags.username === undefined ? ['--username'] : []),
    ...(flags.email === undefined ? ['--email'] : []),
    ...(flags.passwordStdin || flags.oneTimePassword ? [] : ['--password-stdin']),
  ];
  // What stdin holds is the password then, and no answer to a question.
  const canAsk = stdin.isTTY === true && stderr.isTTY === true && !flags.passwordStdin;
  if (!canAsk && missing.length > 0) {
    const are = missing.length === 1 ? 'is' : 'are';
    throw new CommandProblem(
      2,
      `There is no terminal to ask on, and ${listSeparator.format(missing)} ${are} missing.`,
    );
  }
}

async function readPassword({ stdin }: Streams): Promise<string> {
  if (stdin.isTTY) {
    throw new CommandProblem(
      2,
      '--password-stdin reads a pipe or a file, and here a terminal would show the password. Leave the flag out to be asked without showing it.',
    );
  }
  const [password = ''] = (await wholeText(stdin)).split(/\r?\n/);
  if (password === '') {
    throw new CommandProblem(2, '--password-stdin: stdin does not hold the password.');
  }
  return password;
}

const isRight = (schema: z.ZodType) => (answer: string) => {
  const { error } = schema.safeParse(answer);
  return error === undefined || `It ${error.issues[0]?.message}.`;
};

async function askWhatIsMissing(
  { stdin, stderr }: Streams,
  flags: AdministratorFlags,
): Promise<AskedAdministrator> {
  const { createPromptModule } = await import('inquirer');
  const ask = createPromptModule({ input: stdin, output: stderr });
  const asksPassword = !flags.oneTimePassword;
  // A value that a flag has given is not asked for.
  const { username, email, password } = await ask<AskedAdministrator & { readonly again: string }>(
    [
      {
        type: 'input',
        name: 'username',
        message: 'Username:',
        required: true,
        validate: isRight(usernameSchema),
      },
      { type: 'input', name: 'email', message: 'Email:', required: true, validate: isRight(emailSchema) },
      { type: 'password', name: 'password', message: 'Password:', toggleMask: false, when: asksPassword },
      {
        type: 'password',
        name: 'again',
        message: 'Once more:',
        toggleMask: false,
        when: asksPassword,
        validate: (answer: string, answers: Partial<AskedAdministrator>) =>
          answer === answers.password || 'This is not the same as the first one.',
      },
    ],
    flags,
  );
  return { username, email, password };
}

const isInterruption = (error: unknown) => error instanceof Error && error.name === 'ExitPromptError';

/**
 * The administrator to be made: from flags, the password from stdin, and what is missing asked on a terminal; no password where
 * it is to be a one-time one.
 */
export async function askAdministrator(
  streams: Streams,
  flags: AdministratorFlags,
): Promise<AskedAdministrator> {
  const { username, email, passwordStdin, oneTimePassword } = flags;
  if (passwordStdin && oneTimePassword) {
    throw new CommandProblem(
      2,
      '--one-time-password makes a password, so that --password-stdin has none to read.',
    );
  }
  refuseWithoutTerminal(streams, flags);
  if (passwordStdin) {
    return { username: username ?? '', email: email ?? '', password: await readPassword(streams) };
  }
  if (oneTimePassword && username !== undefined && email !== undefined) {
    return { username, email };
  }
  try {
    return await askWhatIsMissing(streams, flags);
  } catch (error) {
    throw isInterruption(error) ? new CommandProblem(130, 'Interrupted. Nothing happened.') : error;
  }
}
