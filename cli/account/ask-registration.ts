import type { CurrencyJson } from '../../server/money/wire.js';
import { meetServer } from '../api/meet-server.js';
import type { Context } from '../context.js';
import { looksLikeUsername, usernameRule } from '../people/username.js';
import { currencyCode } from '../terminal/amount.js';
import type { TextQuestion } from '../terminal/prompts/prompts.js';
import { shown } from '../terminal/text/shown.js';
import { askNewPassword } from './ask-new-password.js';
import { likelyFirst } from './currency-choices.js';
import { judgeAnswer } from './judge-answer.js';
import { passwordLines } from './password-stdin.js';

export interface RegistrationOptions {
  readonly username?: string;
  readonly email?: string;
  readonly currency?: string;
  readonly passwordStdin?: true;
  readonly invitation?: string;
}

export interface Registration {
  readonly username: string;
  readonly email: string;
  readonly password: string;
  readonly currency: string;
}

/** The flags that a registration still lacks. */
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

const nameQuestion: TextQuestion = {
  message: 'Username:',
  flag: '--username',
  rule: `${usernameRule}, which others pay you by.`,
  validate: (answer) => looksLikeUsername(answer.trim()) || usernameRule,
};

const emailQuestion: TextQuestion = {
  message: 'Email:',
  flag: '--email',
  validate: (answer) => /^[^\s@]+@[^\s@]+$/.test(answer.trim()) || 'Write it such as alice@example.org',
};

type Judge = (answer: string) => Promise<true | string>;

/** An answer that is not refused: the one given where it is not, else one that is asked for until then. */
async function askUntilGood(
  { prompts, stderr }: Context,
  question: TextQuestion,
  given: string | undefined,
  judge: Judge,
): Promise<string> {
  const validate: Judge = async (answer) => {
    const seen = (await question.validate?.(answer)) ?? true;
    return seen === true ? await judge(answer.trim()) : seen;
  };
  const judged = given === undefined ? undefined : await validate(given);
  if (given !== undefined && judged === true) {
    return given;
  }
  if (typeof judged === 'string') {
    await prompts.show(shown`${stderr.pen.red('✗')} ${judged}`);
  }
  return (await prompts.text({ ...question, validate })).trim();
}

async function askCurrency(
  { prompts, locale }: Context,
  currencies: readonly CurrencyJson[],
  usual: string | undefined,
): Promise<string> {
  return await prompts.choose({
    message: `Currency (one of ${currencies.length}; type to search):`,
    flag: '--currency',
    choices: likelyFirst(currencies, locale, usual).map(({ code, name }) => ({
      value: code,
      name: `${code}  ${name}`,
    })),
  });
}

/** A registration that the command line and stdin give whole, so that nobody is asked. */
async function readRegistration(
  context: Context,
  { username = '', email = '', currency = '', passwordStdin }: RegistrationOptions,
): Promise<Registration> {
  const [password = ''] = passwordStdin ? await passwordLines(context, 1) : [];
  return { username, email, currency: currencyCode(currency) ?? '', password };
}

/**
 * A registration whole. What is missing is asked for, once the server is known to be the one that is meant; each answer is judged
 * when it is given. `usual` is the currency that is offered first.
 */
export async function askRegistration(
  context: Context,
  operand: string | undefined,
  options: RegistrationOptions,
  usual?: string,
): Promise<Registration> {
  const { prompts } = context;
  const given = { ...options, ...(operand !== undefined && { username: operand }) };
  const missing = missingOf(operand, options);
  prompts.gate(missing);
  if (missing.length === 0) {
    return await readRegistration(context, given);
  }
  const currencies = await meetServer(context);
  const invited = options.invitation === undefined ? {} : { invitation: options.invitation };
  const username = await askUntilGood(context, nameQuestion, given.username, (answer) =>
    judgeAnswer(context, 'username', { ...invited, username: answer }),
  );
  const email = await askUntilGood(context, emailQuestion, given.email, (answer) =>
    judgeAnswer(context, 'email', { ...invited, email: answer }),
  );
  const currency = currencyCode(given.currency) ?? (await askCurrency(context, currencies, usual));
  const password = await askNewPassword(prompts, 'Password:', (answer) =>
    judgeAnswer(context, 'password', { ...invited, username, email, password: answer }),
  );
  return { username, email, currency, password };
}
