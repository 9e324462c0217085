import { findCurrency } from '../../server/money/currency.js';
import type { Context } from '../context.js';
import { learnCurrency } from '../conversion/learn-currencies.js';
import { Failure } from '../failure/failure.js';
import { shellCommand } from '../terminal/text/shell-quote.js';
import { shown } from '../terminal/text/shown.js';
import { type PaymentLink, readLink, sumFault } from './payto.js';

interface LinkFlags {
  readonly yes?: true;
  readonly memo?: string;
  readonly dryRun?: true;
}

/** The words of `pay send` that a link stands for; undefined where it was paid on another server. */
export interface TakenLink {
  readonly operands: readonly (string | undefined)[];
  readonly memo: string | undefined;
}

function linkIn(text: string, typed: readonly (string | undefined)[]): PaymentLink {
  const link = readLink(text);
  if ('fault' in link) {
    throw new Failure('usage', link.fault, { next: ['Nothing was paid.'] });
  }
  if (link.sum !== undefined && typed.some((word) => word !== undefined)) {
    throw new Failure('usage', 'The link says how much; leave out the amount. Nothing was paid.');
  }
  return link;
}

/** The profiles on the server of the link; none where a token says who pays, which is of one server. */
async function profilesThere(
  { config, environment }: Context,
  { server }: PaymentLink,
): Promise<readonly string[]> {
  if (environment.PAY_TOKEN) {
    return [];
  }
  const { profiles } = await config();
  return Object.entries(profiles).flatMap(([name, profile]) => (profile.server === server ? [name] : []));
}

const here = 'here';

function refuseElsewhere(
  link: PaymentLink,
  text: string,
  used: string,
  profiles: readonly string[],
): Failure {
  const [profile] = profiles;
  const account = profile === undefined ? ['--server', link.server] : ['--profile', profile];
  return new Failure('usage', `The link leads to ${link.server}, and you are at ${used}. Nothing was paid.`, {
    next: [
      ...(profile === undefined ? ['Log in there first:', shellCommand(['pay', 'login', ...account])] : []),
      'To pay there:',
      shellCommand(['pay', 'send', ...account, text]),
    ],
  });
}

/** Asks where to pay a link of another server: by a profile there, or to whoever has that name here. */
async function askWhere(
  context: Context,
  link: PaymentLink,
  used: string,
  profiles: readonly string[],
): Promise<string> {
  const { prompts, stderr } = context;
  await prompts.show(
    shown`${stderr.pen.yellow('!')} The link leads to ${link.server}, and you are at ${used}.`,
  );
  return await prompts.pick({
    message: 'Where to pay?',
    flag: '--profile',
    choices: [
      ...profiles.map((name) => ({
        value: `profile ${name}`,
        name: `there, as ${name}`,
        short: `as ${name}`,
      })),
      { value: 'nowhere', name: 'nowhere' },
      {
        value: here,
        name: `here, to whoever is ${link.user} at ${used}; that may be somebody else`,
        short: here,
      },
    ],
  });
}

async function payThere(context: Context, profile: string, text: string, flags: LinkFlags): Promise<void> {
  const words = [
    ...['send', '--profile', profile],
    ...(flags.memo === undefined ? [] : [`--memo=${flags.memo}`]),
    ...(flags.dryRun ? ['--dry-run'] : []),
    ...(context.isJson ? ['--json'] : []),
    text,
  ];
  const failure = await context.commandLine.attempt(words, context);
  if (failure) {
    throw failure;
  }
}

/** Whether the link is to be paid by this command; else it was paid there. @throws Failure where that is not to be */
async function isPaidHere(
  context: Context,
  link: PaymentLink,
  text: string,
  flags: LinkFlags,
): Promise<boolean> {
  const { server: used } = await context.account();
  if (link.server === used) {
    return true;
  }
  const profiles = await profilesThere(context, link);
  if (flags.yes || !context.prompts.canAsk) {
    throw refuseElsewhere(link, text, used, profiles);
  }
  const where = await askWhere(context, link, used, profiles);
  if (where === here) {
    return true;
  }
  const profile = profiles.find((name) => where === `profile ${name}`);
  if (profile === undefined) {
    throw refuseElsewhere(link, text, used, profiles);
  }
  await payThere(context, profile, text, flags);
  return false;
}

/**
 * What to pay by a link, as the command line would say it. One of another server than that in use is never paid without
 * asking where. @throws Failure
 */
export async function takeLink(
  context: Context,
  text: string,
  typed: readonly (string | undefined)[],
  flags: LinkFlags,
): Promise<TakenLink | undefined> {
  const link = linkIn(text, typed);
  if (!(await isPaidHere(context, link, text, flags))) {
    return undefined;
  }
  if (link.sum !== undefined) {
    await learnCurrency(context, link.sum.currency);
  }
  const fault = sumFault(link, findCurrency);
  if (fault !== undefined) {
    throw new Failure('usage', fault, { next: ['Nothing was paid.'] });
  }
  const sum = link.sum === undefined ? typed : [link.sum.amount, link.sum.currency];
  return { operands: [link.user, ...sum], memo: flags.memo ?? link.message };
}
