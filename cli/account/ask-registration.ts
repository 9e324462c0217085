import { knownCurrencies } from '../../server/money/currency.js';
import type { Context } from '../context.js';
import { learnCurrencies } from '../conversion/learn-currencies.js';
import { currencyCode } from '../terminal/amount.js';
import type { Prompts, TextQuestion } from '../terminal/prompts/prompts.js';
import { visible } from '../terminal/visible.js';
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

// The server judges both; what it would refuse anyway is said before the rest is typed.
const nameQuestion: TextQuestion = {
  message: 'Username:',
  flag: '--username',
  validate: (answer) =>
    /^[A-Za-z0-9@.+_-]{1,100}$/.test(answer.trim()) || 'At most 100 of A-Z a-z 0-9 @ . + - _',
};

const emailQuestion: TextQuestion = {
  message: 'Email:',
  flag: '--email',
  validate: (answer) => /^[^\s@]+@[^\s@]+$/.test(answer.trim()) || 'Write it such as alice@example.org',
};

async function askTrimmed(prompts: Prompts, question: TextQuestion): Promise<string> {
  return (await prompts.text(question)).trim();
}

/** One of the currencies of the server; `usual` is offered first. */
async function askCurrency(context: Context, usual: string | undefined): Promise<string> {
  await learnCurrencies(context);
  const choices = knownCurrencies().map(({ code, name }) => ({
    value: code,
    name: visible(`${code}  ${name}`),
  }));
  return await context.prompts.choose({
    message: 'Currency (type to search):',
    flag: '--currency',
    choices: [
      ...choices.filter(({ value }) => value === usual),
      ...choices.filter(({ value }) => value !== usual),
    ],
  });
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
  return {
    username: username ?? (await askTrimmed(prompts, nameQuestion)),
    email: email ?? (await askTrimmed(prompts, emailQuestion)),
    currency: currencyCode(currency) ?? (await askCurrency(context, usual)),
    password: passwordStdin
      ? ((await passwordLines(context, 1))[0] ?? '')
      : await askNewPassword(prompts, 'Password:'),
  };
}
