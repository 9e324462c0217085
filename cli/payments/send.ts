import { type Command, Option } from 'commander';
import type { PaymentJson } from '../../server/features/payments/wire.js';
import { findMe, ownCurrency } from '../account/find-me.js';
import { targetOf } from '../api/operation.js';
import { paymentShape } from '../api/shapes.js';
import type { Run, Start } from '../command.js';
import type { Context } from '../context.js';
import { typedAmount } from '../conversion/typed-amount.js';
import { typedCurrency } from '../conversion/typed-currency.js';
import { Failure } from '../failure/failure.js';
import { withExamples } from '../help/help.js';
import { showPayment } from '../history/payment-text.js';
import { isLink } from '../links/payto.js';
import { lineShape } from '../payouts/line-result.js';
import { checkUsername } from '../people/username.js';
import { type CarryOutOptions, carryOut, showDone } from '../settling/carry-out.js';
import { meantBesides } from '../settling/own-key.js';
import { type Payer, payerOf } from '../settling/payer.js';
import { checkAmount } from '../terminal/amount.js';
import { moneyText } from '../terminal/money.js';
import { shown } from '../terminal/text/shown.js';
import { namingDuplicateFlag, paidAlready, rehearseBesides } from './likely-duplicate.js';
import { namingNearContact } from './near-contact.js';
import { type PaymentBody, paymentAct } from './payment-act.js';
import { paidText, rehearsalText, rehearse } from './rehearse.js';
import { sendCommand } from './send-command.js';
import { findWaitingRequest, payWaitingRequest, tellOfWaitingRequest } from './waiting-request.js';

interface SendOptions extends CarryOutOptions {
  readonly memo?: string;
  readonly max?: string;
  readonly dryRun?: true;
  readonly confirmDuplicate?: string;
  readonly file?: string;
  readonly mode?: 'each' | 'all';
  readonly again?: true;
  readonly unpaid?: true;
}

/** Pays out a file, whose lines say all that an option of a single payment would. @throws Failure */
async function sendFile(
  context: Context,
  file: string,
  operands: readonly (string | undefined)[],
  { memo, max, key, confirmDuplicate, mode = 'each', ...options }: SendOptions,
): Promise<void> {
  if ([...operands, memo, max, key, confirmDuplicate].some((given) => given !== undefined)) {
    throw new Failure('usage', '--file says whom to pay, how much and what for; leave out the rest.', {
      next: ['With it go: --mode, --dry-run, --unpaid, --again, --yes'],
    });
  }
  if (options.unpaid && options.again) {
    throw new Failure(
      'usage',
      '--unpaid passes over whoever was paid, --again pays everybody; give one of them.',
    );
  }
  const { payFile } = await import('../payouts/pay-file.js');
  await payFile(context, file, { ...options, mode });
}

interface Target {
  readonly to: string;
  readonly amount: string;
  readonly currency: string | undefined;
}

/** Whom and how much, asked of the person where the command line does not say it. */
async function askTarget(
  context: Context,
  payer: Payer,
  operands: readonly (string | undefined)[],
): Promise<Target> {
  const [to, typed] = operands;
  if (to !== undefined) {
    checkUsername(to);
  }
  const currency = await typedCurrency(context, operands[2], 'What it is for goes behind --memo.');
  const amount =
    typed === undefined ? undefined : await typedAmount(context, typed, currency ?? ownCurrency(context));
  context.prompts.gate([
    ...(to === undefined ? ['<user>'] : []),
    ...(amount === undefined ? ['<amount>'] : []),
  ]);
  if (to !== undefined && amount !== undefined) {
    checkAmount(amount, currency ?? payer.currency);
    return { to, amount, currency };
  }
  const { askPartner } = await import('./ask-partner.js');
  const { askSum } = await import('./ask-sum.js');
  const partner = await askPartner(context, to, 'Whom to pay:');
  const { username } = partner;
  if (amount !== undefined) {
    checkAmount(amount, currency ?? payer.currency);
    return { to: username, amount, currency };
  }
  const usual = currency ?? (await findMe(context)).currency;
  const sum = await askSum(context, partner, 'pay', usual);
  return { to: username, amount: sum.amount, currency: sum.currency ?? currency };
}

/** What to pay, from the command line and, for what is missing there, from the person. */
async function askBody(
  context: Context,
  payer: Payer,
  operands: readonly (string | undefined)[],
  options: SendOptions,
): Promise<PaymentBody> {
  const { memo } = options;
  const max =
    options.max === undefined ? undefined : await typedAmount(context, options.max, ownCurrency(context));
  const { to, amount, currency } = await askTarget(context, payer, operands);
  if (max !== undefined) {
    checkAmount(max, payer.currency);
  }
  return {
    to,
    amount,
    ...(currency !== undefined && { currency }),
    ...(memo !== undefined && { memo }),
    ...(max !== undefined && { maxDebit: max }),
    ...meantBesides(options),
  };
}

/** The same payment, bounded to the debit that was shown where a rate decides about it. */
function boundTo(judged: PaymentJson, body: PaymentBody): PaymentBody {
  const isDebitFixed = body.currency === undefined || body.currency === judged.sent.currency;
  return isDebitFixed || body.maxDebit !== undefined ? body : { ...body, maxDebit: judged.sent.amount };
}

/** Shows what would happen and asks; gives the payment as it was agreed to. */
async function agree(context: Context, wanted: PaymentBody): Promise<PaymentBody> {
  const api = await context.api();
  const { judged, body } = await rehearseBesides(context, wanted, (tried) => rehearse(api, tried));
  await context.prompts.show(await rehearsalText(judged, context));
  const isAgain = body !== wanted;
  const message = isAgain ? 'Pay again?' : `Pay ${body.to} ${moneyText(judged.sent, context.locale)}?`;
  if (!(await context.prompts.confirm({ message, flag: '--yes' }))) {
    throw new Failure('refused', 'Not paid.');
  }
  return boundTo(judged, body);
}

async function pay(context: Context, payer: Payer, body: PaymentBody, options: SendOptions): Promise<void> {
  const intent = {
    target: targetOf('POST /v1/payments'),
    body,
    describe: paymentAct,
    command: sendCommand,
    agree: (wanted: PaymentBody) => agree(context, wanted),
  };
  const { answer, isReplay, pending } = await carryOut(context, payer, intent, options);
  await context.say(paidText(answer, isReplay, context));
  await showDone(pending, () => showPayment(context, answer));
}

/**
 * Whether the person has paid a waiting request for exactly this instead. Whoever is not asked is only told of it; where nobody
 * would read that, or a key says which payment this is, nobody looks.
 */
async function isPaidByRequest(
  context: Context,
  wanted: PaymentBody,
  { yes, key }: SendOptions,
): Promise<boolean> {
  if (key !== undefined || (yes && context.isJson)) {
    return false;
  }
  if (yes) {
    await tellOfWaitingRequest(context, wanted);
    return false;
  }
  const request = context.prompts.canAsk ? await findWaitingRequest(context, wanted) : undefined;
  return request !== undefined && (await payWaitingRequest(context, request));
}

/** Pays what a link asks for, by the words that it stands for; those of the command line go before it. */
async function sendByLink(
  context: Context,
  [link = '', ...typed]: readonly (string | undefined)[],
  options: SendOptions,
): Promise<void> {
  const { takeLink } = await import('../links/take-link.js');
  const taken = await takeLink(context, link, typed, options);
  if (taken !== undefined) {
    const { memo } = taken;
    await send(context, taken.operands, { ...options, ...(memo !== undefined && { memo }) });
  }
}

const send: Run<SendOptions> = async (context, operands, options) => {
  if (options.file !== undefined) {
    await sendFile(context, options.file, operands, options);
    return;
  }
  if (options.mode !== undefined || options.again || options.unpaid) {
    throw new Failure('usage', '--mode, --unpaid and --again go with --file.');
  }
  if (operands[0] !== undefined && isLink(operands[0])) {
    await sendByLink(context, operands, options);
    return;
  }
  const payer = await payerOf(context);
  const wanted = await askBody(context, payer, operands, options);
  try {
    if (!options.dryRun) {
      if (!(await isPaidByRequest(context, wanted, options))) {
        await pay(context, payer, wanted, options);
      }
      return;
    }
    const judged = await rehearse(await context.api(), wanted);
    await context.say(shown`Nothing was sent: this is what would happen.`);
    await showPayment(context, judged);
  } catch (error) {
    const named = namingDuplicateFlag(error, context.now(), paidAlready);
    throw await namingNearContact(context, named, wanted.to);
  }
};

export function define(command: Command, start: Start): void {
  withExamples(command, [
    'pay send bob 10 --memo lunch         ten of your currency, after showing what bob receives',
    'pay send bob 10 USD --max 8.50       bob receives 10 USD, for at most 8.50 of yours',
    'pay send bob 10 --yes                for scripts: nothing is asked',
    'pay send bob 10 --dry-run            what would happen',
    "pay send 'payto://x-pay/…'            what a link asks for; --qr of request and whoami makes them",
    'pay send --file payouts.csv          everybody in a file whose first line is: to,amount,currency,memo',
  ])
    .argument('[user]', 'whom to pay, or a link')
    .argument('[amount]', 'how much, such as 12.50')
    .argument('[currency]', "your currency (default) fixes what you pay, the receiver's what arrives")
    .option('-m, --memo <text>', 'what it is for')
    .option('--max <amount>', 'the most that you are willing to pay, in your currency')
    .option('--dry-run', 'only show what would happen')
    .option('--confirm-duplicate <id>', 'pay again, besides this payment of a moment ago')
    .option('-y, --yes', 'do not ask')
    .option('--key <key>', 'the idempotency key; money moves at most once for each, whatever was paid before')
    .option('--file <csv>', 'pay many: columns to and amount, and currency and memo where wanted; - is stdin')
    .addOption(
      new Option('--mode <mode>', 'with --file, pay each line that can be paid, or all or nobody').choices([
        'each',
        'all',
      ]),
    )
    .option('--unpaid', 'with --file, pay only the lines that were not paid before')
    .option('--again', 'with --file, pay out once more what was paid out before')
    .action(start(send, ({ file }) => (file === undefined ? paymentShape : lineShape)));
}
