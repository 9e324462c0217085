import type { Command } from 'commander';
import { meetServer } from '../api/meet-server.js';
import { isRefusedFor } from '../api/verdict.js';
import type { Run, Start } from '../command.js';
import type { Context } from '../context.js';
import { withExamples } from '../help/help.js';
import { show } from '../terminal/show.js';
import { shown } from '../terminal/text/shown.js';
import { beginSession } from './begin-session.js';
import { passwordLines } from './password-stdin.js';
import { replaceOneTimePassword } from './replace-one-time-password.js';
import { refuseProfileOfAnother } from './save-session.js';

type Begun = Awaited<ReturnType<typeof beginSession>> & { readonly password: string };

interface LoginOptions {
  readonly username?: string;
  readonly passwordStdin?: true;
}

async function askUsername(context: Context): Promise<string> {
  const { profile } = await context.account();
  return await context.prompts.text({
    message: 'Username:',
    flag: '--username',
    ...(profile && { preset: profile.username }),
  });
}

const mostTries = 3;

/** Begins a session with a password that is asked for, again where it was the wrong one. @throws Failure after some tries */
async function askAndBegin(context: Context, username: string): Promise<Begun> {
  const { prompts, stderr } = context;
  for (let left = mostTries - 1; ; left -= 1) {
    const password = await prompts.secret({ message: 'Password:', flag: '--password-stdin' });
    try {
      return { ...(await beginSession(context, username, password)), password };
    } catch (error) {
      if (left === 0 || !isRefusedFor(error, 'INVALID_CREDENTIALS')) {
        throw error;
      }
      await prompts.show(shown`${stderr.pen.red('✗')} ${error.message}`);
    }
  }
}

async function beginWithStdin(context: Context, username: string): Promise<Begun> {
  const [password = ''] = await passwordLines(context, 1);
  return { ...(await beginSession(context, username, password)), password };
}

const login: Run<LoginOptions> = async (context, [operand], options) => {
  const { prompts } = context;
  const given = operand ?? options.username;
  prompts.gate([
    ...(given === undefined ? ['--username'] : []),
    ...(options.passwordStdin ? [] : ['--password-stdin']),
  ]);
  if (prompts.canAsk) {
    await meetServer(context);
  }
  const username = given ?? (await askUsername(context));
  await refuseProfileOfAnother(context, username);
  const begin = options.passwordStdin ? beginWithStdin : askAndBegin;
  const { session, profile, server, password } = await begin(context, username);
  if (session.mustChangePassword) {
    const begun = { username: session.user.username, token: session.token, password };
    await replaceOneTimePassword(context, begun, options.passwordStdin !== true);
  }
  await show(context, {
    json: { username: session.user.username, server, profile, expiresAt: session.expiresAt },
    people: () =>
      shown`${context.stdout.pen.green('✓')} Logged in as ${session.user.username} on ${server}.\n`,
    machine: () => [[session.user.username, server, profile, session.expiresAt]],
  });
};

export function define(command: Command, start: Start): void {
  withExamples(command, [
    'pay login',
    'pay login alice --server https://pay.example.org',
    'pay login --username alice --password-stdin < password.txt',
  ])
    .argument('[username]', 'who you are')
    .option('-u, --username <name>', 'who you are')
    .option('--password-stdin', 'read the password from stdin instead of asking')
    .option('-y, --yes', 'do not ask')
    .action(start(login, { username: 'value', server: 'value', profile: 'value', expiresAt: 'value' }));
}
