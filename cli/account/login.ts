import type { Command } from 'commander';
import type { Run, Start } from '../command.js';
import type { Context } from '../context.js';
import { withExamples } from '../help/help.js';
import { show } from '../terminal/show.js';
import { visible } from '../terminal/visible.js';
import { beginSession } from './begin-session.js';
import { passwordLines } from './password-stdin.js';
import { replaceOneTimePassword } from './replace-one-time-password.js';

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

const login: Run<LoginOptions> = async (context, [operand], options) => {
  const { prompts } = context;
  const given = operand ?? options.username;
  prompts.gate([
    ...(given === undefined ? ['--username'] : []),
    ...(options.passwordStdin ? [] : ['--password-stdin']),
  ]);
  const username = given ?? (await askUsername(context));
  const [password = ''] = options.passwordStdin
    ? await passwordLines(context, 1)
    : [await prompts.secret({ message: 'Password:', flag: '--password-stdin' })];
  const { session, profile, server } = await beginSession(context, username, password);
  if (session.mustChangePassword) {
    const begun = { username: session.user.username, token: session.token, password };
    await replaceOneTimePassword(context, begun, options.passwordStdin !== true);
  }
  await show(context, {
    json: { username: session.user.username, server, profile, expiresAt: session.expiresAt },
    people: () =>
      `${context.stdout.pen.green('✓')} Logged in as ${visible(session.user.username)} on ${server}.\n`,
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
    .action(start(login));
}
