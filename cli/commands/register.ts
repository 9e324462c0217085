import type { Command } from 'commander';
import type { UserJson } from '../../server/accounts/wire.js';
import { currencies } from '../../server/money/currency.js';
import { currencyCode } from '../amount.js';
import { beginSession } from '../begin-session.js';
import type { Run, Start } from '../command.js';
import type { Context } from '../context.js';
import { Failure } from '../failure.js';
import { withExamples } from '../help.js';
import { askNewPassword } from '../prompts/ask-new-password.js';
import { passwordLines } from '../prompts/password-stdin.js';
import { moneyText } from '../render/money.js';
import { shellCommand } from '../render/shell-quote.js';
import { showCard } from '../render/show.js';

interface RegisterOptions {
  readonly username?: string;
  readonly email?: string;
  readonly currency?: string;
  readonly passwordStdin?: true;
}

interface Registration {
  readonly username: string;
  readonly email: string;
  readonly password: string;
  readonly currency: string;
}

async function askRegistration(
  context: Context,
  operand: string | undefined,
  options: RegisterOptions,
): Promise<Registration> {
  const { prompts } = context;
  const username = operand ?? options.username;
  const { email, currency, passwordStdin } = options;
  prompts.gate([
    ...(username === undefined ? ['--username'] : []),
    ...(email === undefined ? ['--email'] : []),
    ...(currency === undefined ? ['--currency'] : []),
    ...(passwordStdin ? [] : ['--password-stdin']),
  ]);
  return {
    username: username ?? (await prompts.text({ message: 'Username:', flag: '--username' })),
    email: email ?? (await prompts.text({ message: 'Email:', flag: '--email' })),
    currency:
      currencyCode(currency) ??
      (await prompts.choose({
        message: 'Currency (type to search):',
        flag: '--currency',
        choices: currencies.map(({ code, name }) => ({ value: code, name: `${code}  ${name}` })),
      })),
    password: passwordStdin
      ? ((await passwordLines(context, 1))[0] ?? '')
      : await askNewPassword(prompts, 'Password:'),
  };
}

const register: Run<RegisterOptions> = async (context, [operand], options) => {
  const registration = await askRegistration(context, operand, options);
  const { username } = registration;
  const api = await context.api();
  const user = await api.json<UserJson>({
    method: 'POST',
    path: '/v1/users',
    body: registration,
    isAnonymous: true,
    ifUnknown: [`See whether the account exists: ${shellCommand(['pay', 'login', username])}`],
  });
  const { profile } = await beginSession(context, username, registration.password).catch((error: unknown) => {
    const text = error instanceof Failure ? error.message : String(error);
    throw new Failure('refused', `The account ${username} was made, but logging in failed: ${text}`, {
      next: [`Log in: ${shellCommand(['pay', 'login', username])}`],
      cause: error,
    });
  });
  await context.say(`${context.stderr.pen.green('✓')} The account is made, and you are logged in.`);
  await showCard(context, user, [
    { label: 'username', people: user.username },
    { label: 'email', people: user.email },
    {
      label: 'balance',
      people: moneyText(user.balance, context.locale),
      machine: [user.balance.amount, user.balance.currency],
    },
    { label: 'server', people: api.server },
    { label: 'profile', people: profile },
  ]);
};

export function define(command: Command, start: Start): void {
  withExamples(command, [
    'pay register',
    'pay register --username alice --email alice@example.org --currency GBP',
    'pay register --username ci --email ci@example.org --currency EUR --password-stdin < password.txt',
  ])
    .argument('[username]', 'how others will call you')
    .option('-u, --username <name>', 'how others will call you')
    .option('--email <address>', 'your email address')
    .option('--currency <code>', 'the currency that you hold')
    .option('--password-stdin', 'read the password from stdin instead of asking')
    .action(start(register));
}
