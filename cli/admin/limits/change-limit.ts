import type { LimitJson } from '../../../server/features/limits/wire.js';
import type { Body } from '../../api/operation.js';
import type { Context } from '../../context.js';
import { Failure } from '../../failure/failure.js';
import { checkAmount, currencyCode } from '../../terminal/amount.js';
import { show } from '../../terminal/show.js';
import { shown } from '../../terminal/text/shown.js';
import { type AgreeOptions, askReason, confirm } from '../act-on-user/agree.js';
import { aboutUser, findUser, refuseOthers } from '../act-on-user/ask-user.js';
import { userText } from '../act-on-user/user-text.js';
import { figureText, limitCells, limitHolder } from './limit-text.js';

export interface LimitTarget extends AgreeOptions {
  readonly user?: string;
  readonly currency?: string;
}

/** A limit as it is to be: an amount, "none", or null for what holds for others; what is left out stays. */
export type LimitChange = Omit<Body<'PUT /v1/admin/limits/users/{username}'>, 'reason'>;

type Holder = Pick<LimitJson, 'username' | 'currency'>;

/** The words for a limit that is not set. */
function unsetText({ username, currency }: Holder): string {
  return username === null ? 'not limited' : `as ${limitHolder({ username: null, currency })}`;
}

function figureWords(name: string, figure: string | null | undefined, holder: Holder): string[] {
  if (figure === undefined) {
    return [];
  }
  const text = figure === 'none' ? 'no limit' : `at most ${figure} ${holder.currency}`;
  return [`${figure === null ? unsetText(holder) : text} ${name}`];
}

function changeWords({ perPayment, perDay }: LimitChange, holder: Holder): string {
  return [...figureWords('at once', perPayment, holder), ...figureWords('in 24 hours', perDay, holder)].join(
    ', ',
  );
}

/** Shows whom it is about, and gives the currency of the limit. */
async function showTarget(context: Context, { user, currency }: LimitTarget): Promise<string> {
  if (user === undefined) {
    await refuseOthers(context);
    return currencyCode(currency) ?? '';
  }
  const found = await findUser(context, user);
  await context.prompts.show(userText(found, context));
  return found.currency;
}

async function agree(context: Context, target: LimitTarget, change: LimitChange): Promise<string> {
  const { reason, yes } = target;
  context.prompts.gate([...(reason === undefined ? ['--reason'] : []), ...(yes ? [] : ['--yes'])]);
  if (reason !== undefined && yes) {
    return reason;
  }
  const currency = await showTarget(context, target);
  for (const figure of [change.perPayment, change.perDay]) {
    if (typeof figure === 'string' && figure !== 'none') {
      checkAmount(figure, currency);
    }
  }
  const why = await askReason(context, reason);
  if (!yes) {
    const holder = { username: target.user ?? null, currency };
    await confirm(context, `For ${limitHolder(holder)}: ${changeWords(change, holder)}?`);
  }
  return why;
}

function doneText(limit: LimitJson, locale: string | undefined): string {
  const text = (figure: LimitJson['perDay']) => figureText(figure, locale) || unsetText(limit);
  return `${limitHolder(limit)}: at once ${text(limit.perPayment)}, in 24 hours ${text(limit.perDay)}.`;
}

/** Changes the limits of a currency or of a user, after the person has agreed to it. @throws Failure */
export async function changeLimit(context: Context, target: LimitTarget, change: LimitChange): Promise<void> {
  const { user, currency } = target;
  if (user === undefined && currency === undefined) {
    throw new Failure('usage', 'Whose limit is missing: --user or --currency.');
  }
  const reason = await agree(context, target, change);
  const given = { body: { ...change, reason }, ifUnknown: ['See what holds: pay admin limits'] };
  const api = await context.api();
  const limit =
    user === undefined
      ? await api.call('PUT /v1/admin/limits/currencies/{currency}', {
          ...given,
          params: { currency: currencyCode(currency) ?? '' },
          ifNotFound: ['See the currencies: pay rates'],
        })
      : await aboutUser(
          user,
          api.call('PUT /v1/admin/limits/users/{username}', { ...given, params: { username: user } }),
        );
  await show(context, {
    json: limit,
    people: () => shown`${context.stdout.pen.green('✓')} ${doneText(limit, context.locale)}\n`,
    machine: () => [limitCells(limit)],
  });
}
