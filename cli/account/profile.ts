import type { Command } from 'commander';
import type { UserJson } from '../../server/features/accounts/wire.js';
import { userShape } from '../api/shapes.js';
import type { Run, Start } from '../command.js';
import type { Context } from '../context.js';
import { Failure } from '../failure/failure.js';
import { withExamples } from '../help/help.js';
import { listsAlone } from '../lists/noun.js';
import { moneyText } from '../terminal/money.js';
import { showCard } from '../terminal/show.js';
import { shown } from '../terminal/text/shown.js';
import { localTime } from '../terminal/time.js';
import { passwordLines } from './password-stdin.js';

async function showProfile(context: Context, user: UserJson): Promise<void> {
  const { balance, createdAt } = user;
  await showCard(context, user, [
    { label: 'username', people: user.username },
    { label: 'name', people: user.displayName ?? undefined },
    { label: 'email', people: user.email },
    {
      label: 'balance',
      people: () => moneyText(balance, context.locale),
      machine: [balance.amount, balance.currency],
    },
    { label: 'registered', people: () => localTime(createdAt), machine: [createdAt] },
  ]);
}

const show: Run<object> = async (context) => {
  const api = await context.api();
  await showProfile(context, await api.call('GET /v1/me'));
};

interface SetOptions {
  readonly name?: string;
  readonly email?: string;
  readonly passwordStdin?: true;
}

async function currentPasswordOf(context: Context, { passwordStdin }: SetOptions): Promise<string> {
  const [line = ''] = passwordStdin
    ? await passwordLines(context, 1)
    : [await context.prompts.secret({ message: 'Current password:', flag: '--password-stdin' })];
  return line;
}

const set: Run<SetOptions> = async (context, _operands, options) => {
  const { name, email } = options;
  if (name === undefined && email === undefined) {
    throw new Failure('usage', 'What to change is missing: --name, --email, or both.');
  }
  // Without a session there is no sense in asking.
  await context.token();
  const api = await context.api();
  const user = await api.call('PATCH /v1/me', {
    body: {
      ...(name !== undefined && { displayName: name === '' ? null : name }),
      ...(email !== undefined && { email, currentPassword: await currentPasswordOf(context, options) }),
    },
    ifUnknown: ['See how it stands: pay profile'],
  });
  await context.say(shown`${context.stderr.pen.green('✓')} Your profile is changed.`);
  await showProfile(context, user);
};

export function define(command: Command, start: Start): void {
  withExamples(command, [
    'pay profile show                         your name, email address and balance',
    'pay profile set --name "Alice Example"   how others see you, beside your username',
    'pay profile set --name ""                no name any more',
    'pay profile set --email alice@example.com',
  ]);
  listsAlone(command, start, show, (noun) => noun, userShape);
  command.command('show').summary('your name, email address and balance').action(start(show, userShape));
  command
    .command('set')
    .summary('change your name or email address')
    .option('--name <text>', 'how to be called; nothing takes it away')
    .option('--email <address>', 'the email address; asks for the password')
    .option('--password-stdin', 'read the current password from stdin instead of asking')
    .option('-y, --yes', 'do not ask')
    .action(start(set, userShape));
}
