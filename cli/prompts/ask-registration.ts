import { currencies } from '../../server/money/currency.js';
import { currencyCode } from '../amount.js';
import type { Context } from '../context.js';
import { askNewPassword } from './ask-new-password.js';
import { passwordLines } from './password-stdin.js';

export interface RegistrationOptions {
  readonly username?: string;
  readonly email?: string;
  readonly currency?: string;
  readonly passwordStdin?: true;
}

export interface Registration {
  readonly username: string;
  readonly email: string;
  readonly password: string;
  readonly currency: string;
}

/** What is missing of a registration, by the flags that give it. */
export function missingOf(
  operand: string | undefined,
  { username, email, currency, passwordStdin }: RegistrationOptions,
): readonly string[] {
  return [
    ...((operand ?? username) === undefined ? ['--username'] : []),
    ...(email === undefined ? ['--email'] : []),
    ...(currency === undefined ? ['--currency'] : []),
    ...(passwordStdin ? [] : ['--password-stdin']),
  ];
}

/** A registration whole; what is missing is asked for. `usual` is the currency that is offered first. */
export async function askRegistration(
  context: Context,
  operand: string | undefined,
  options: RegistrationOptions,
  usual?: string,
): Promise<Registration> {
  const { prompts } = context;
  const username = operand ?? options.username;
  const { email, currency, passwordStdin } = options;
  prompts.gate(missingOf(operand, options));
  const choices = currencies.map(({ code, name }) => ({ value: code, name: `${code}  ${name}` }));
  return {
    username: username ?? (await prompts.text({ message: 'Username:', flag: '--username' })),
    email: email ?? (await prompts.text({ message: 'Email:', flag: '--email' })),
    currency:
      currencyCode(currency) ??
      (await prompts.choose({
        message: 'Currency (type to search):',
        flag: '--currency',
        choices: [
          ...choices.filter(({ value }) => value === usual),
          ...choices.filter(({ value }) => value !== usual),
        ],
      })),
    password: passwordStdin
      ? ((await passwordLines(context, 1))[0] ?? '')
      : await askNewPassword(prompts, 'Password:'),
  };
}
