import { findCurrency } from '../../../server/money/currency.js';
import { targetOf } from '../../api/operation.js';
import type { Run } from '../../command.js';
import type { Context } from '../../context.js';
import { learnCurrency } from '../../conversion/learn-currencies.js';
import { typedAmount } from '../../conversion/typed-amount.js';
import { paymentFields } from '../../history/payment-text.js';
import { type CarryOutOptions, carryOut, showDone } from '../../settling/carry-out.js';
import { payerOf } from '../../settling/payer.js';
import type { CommandParts } from '../../settling/settle-command.js';
import { amountFault, checkAmount, withPoint } from '../../terminal/amount.js';
import { moneyText } from '../../terminal/money.js';
import { showCard } from '../../terminal/show.js';
import { shown } from '../../terminal/text/shown.js';
import { askReason, confirm } from '../act-on-user/agree.js';
import { askUsername, findUser } from '../act-on-user/ask-user.js';
import { userText } from '../act-on-user/user-text.js';
import { type AdjustmentBody, adjustmentAct, adjustmentText, rehearseAdjustment } from './adjustment.js';
import { choosePayment } from './choose-payment.js';

export interface AdjustOptions extends CarryOutOptions {
  readonly credit?: true;
  readonly debit?: true;
  readonly reason?: string;
  readonly corrects?: string;
  readonly dryRun?: true;
}

type Direction = AdjustmentBody['direction'];

function directionOf({ credit, debit }: AdjustOptions): Direction | undefined {
  return credit ? 'credit' : debit && 'debit';
}

async function askDirection({ prompts }: Context): Promise<Direction> {
  const picked = await prompts.pick({
    message: 'Which way?',
    flag: '--credit',
    choices: [
      { value: 'credit', name: 'credit: the user has more' },
      { value: 'debit', name: 'debit: the user has less' },
    ],
  });
  return picked === 'debit' ? 'debit' : 'credit';
}

async function askAmount(context: Context, currency: string): Promise<string> {
  await learnCurrency(context, currency);
  const pointed = (text: string) => withPoint(text, findCurrency(currency)?.digits, context.locale);
  const answer = await context.prompts.text({
    message: `How much (${currency}):`,
    flag: '<amount>',
    validate: (text) => amountFault(pointed(text.trim()), currency) ?? true,
  });
  return pointed(answer.trim());
}

/** The rest of an adjustment, asked for below the user it is about. */
async function askRest(
  context: Context,
  given: string | undefined,
  amount: string | undefined,
  options: AdjustOptions,
): Promise<AdjustmentBody> {
  const user = await findUser(context, await askUsername(context, given));
  const { username, currency } = user;
  await context.prompts.show(userText(user, context));
  const direction = directionOf(options) ?? (await askDirection(context));
  const sum = amount ?? (await askAmount(context, currency));
  checkAmount(sum, currency);
  return { username, amount: sum, direction, reason: await askReason(context, options.reason) };
}

async function askBody(
  context: Context,
  [username, typed]: readonly (string | undefined)[],
  options: AdjustOptions,
): Promise<AdjustmentBody> {
  const { reason, yes, dryRun } = options;
  const direction = directionOf(options);
  context.prompts.gate([
    ...(username === undefined ? ['<user>'] : []),
    ...(typed === undefined ? ['<amount>'] : []),
    ...(direction === undefined ? ['--credit or --debit'] : []),
    ...(reason === undefined ? ['--reason'] : []),
    ...(yes || dryRun ? [] : ['--yes']),
  ]);
  const amount =
    username === undefined || typed === undefined
      ? undefined
      : await typedAmount(context, typed, async () => (await findUser(context, username)).currency);
  const body =
    username === undefined || amount === undefined || direction === undefined || reason === undefined
      ? await askRest(context, username, amount, options)
      : { username, amount, direction, reason };
  const { corrects } = options;
  return corrects === undefined
    ? body
    : { ...body, corrects: await choosePayment(context, corrects, body.username) };
}

function adjustCommand({ username, amount, direction, reason, corrects }: AdjustmentBody): CommandParts {
  return {
    verb: ['admin', 'adjust'],
    operands: [username, amount],
    flags: {
      [`--${direction}`]: true,
      '--reason': reason,
      ...(corrects !== undefined && { '--corrects': corrects }),
    },
  };
}

const verbs = { credit: 'Credit', debit: 'Debit' } as const;

async function agree(context: Context, body: AdjustmentBody): Promise<AdjustmentBody> {
  const rehearsal = await rehearseAdjustment(context, body);
  await context.prompts.show(adjustmentText(rehearsal, body, context));
  const { user, judged } = rehearsal;
  const amount = moneyText(judged.sent, context.locale);
  await confirm(context, `${verbs[body.direction]} ${user.username} ${amount}?`);
  return body;
}

async function showRehearsal(context: Context, body: AdjustmentBody): Promise<void> {
  const { judged, balanceAfter } = await rehearseAdjustment(context, body);
  await context.say(shown`Nothing was booked: this is what would happen.`);
  const whole = { ...judged, balanceAfter };
  await showCard(context, whole, paymentFields(whole, context));
}

export const adjust: Run<AdjustOptions> = async (context, operands, options) => {
  const payer = await payerOf(context);
  const wanted = await askBody(context, operands, options);
  if (options.dryRun) {
    await showRehearsal(context, wanted);
    return;
  }
  const intent = {
    target: targetOf('POST /v1/admin/adjustments'),
    body: wanted,
    describe: adjustmentAct,
    command: adjustCommand,
    agree: (body: AdjustmentBody) => agree(context, body),
  };
  const { answer, isReplay, pending } = await carryOut(context, payer, intent, options);
  const done = `${verbs[wanted.direction]}ed ${wanted.username} ${moneyText(answer.sent, context.locale)}.`;
  await context.say(
    shown`${context.stderr.pen.green('✓')} ${done}${isReplay ? ' An earlier try had booked it; it was not booked again.' : ''}`,
  );
  await showDone(pending, () => showCard(context, answer, paymentFields(answer, context)));
};
