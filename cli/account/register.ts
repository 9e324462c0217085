import type { Command } from 'commander';
import { userShape } from '../api/shapes.js';
import type { Run, Start } from '../command.js';
import { Failure } from '../failure/failure.js';
import { withExamples } from '../help/help.js';
import { accountCommand } from '../settings/hint-for.js';
import { moneyText } from '../terminal/money.js';
import { showCard } from '../terminal/show.js';
import { shown } from '../terminal/text/shown.js';
import { askRegistration, missingOf, type RegistrationOptions } from './ask-registration.js';
import { beginSession } from './begin-session.js';
import { namingInvitation, refuseWhereClosed } from './refuse-closed.js';
import { refuseProfileOfAnother } from './save-session.js';

interface RegisterOptions extends RegistrationOptions {
  readonly invitation?: string;
}

const register: Run<RegisterOptions> = async (context, [operand], options) => {
  const invitation = options.invitation?.trim();
  const missing = missingOf(operand, options);
  context.prompts.gate(missing);
  if (missing.length > 0) {
    await refuseWhereClosed(context, invitation);
  }
  const registration = await askRegistration(context, operand, options);
  const { username } = registration;
  await refuseProfileOfAnother(context, username);
  const api = await context.api();
  const user = await api
    .call('POST /v1/users', {
      body: { ...registration, ...(invitation !== undefined && { invitation }) },
      isAnonymous: true,
      ifUnknown: [`See whether the account exists: ${accountCommand(['login', username], context.flags)}`],
    })
    .catch((error: unknown) => {
      throw namingInvitation(context, error, invitation);
    });
  const { profile } = await beginSession(context, username, registration.password).catch((error: unknown) => {
    const text = error instanceof Failure ? error.message : String(error);
    throw new Failure('refused', `The account ${username} was made, but logging in failed: ${text}`, {
      next: [`Log in: ${accountCommand(['login', username], context.flags)}`],
      cause: error,
    });
  });
  await context.say(shown`${context.stderr.pen.green('✓')} The account is made, and you are logged in.`);
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
    'pay register ci --email ci@a.example --currency EUR --password-stdin < pw',
  ])
    .argument('[username]', 'how others will call you')
    .option('-u, --username <name>', 'how others will call you')
    .option('--email <address>', 'your email address')
    .option('--currency <code>', 'the currency that you hold')
    .option('--invitation <invitation>', 'what an administrator gave you, where registering takes one')
    .option('--password-stdin', 'read the password from stdin instead of asking')
    .option('-y, --yes', 'do not ask')
    .action(start(register, userShape));
}
