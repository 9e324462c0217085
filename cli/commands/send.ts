import type { Command } from 'commander';
import type { PaymentJson } from '../../server/payments/wire.js';
import { amountFault, checkAmount, currencyCode } from '../amount.js';
import type { Run, Start } from '../command.js';
import type { Context } from '../context.js';
import { Failure } from '../failure.js';
import { withExamples } from '../help.js';
import { type CarryOutOptions, carryOut, showDone } from '../payments/carry-out.js';
import { namingDuplicateFlag, rehearseBesides } from '../payments/likely-duplicate.js';
import { type Payer, payerOf } from '../payments/payer.js';
import type { PaymentBody } from '../payments/pending.js';
import { paidText, rehearsalText, rehearse } from '../payments/rehearse.js';
import { sendCommand } from '../payments/send-command.js';
import { moneyText } from '../render/money.js';
import { paymentFields } from '../render/payment.js';
import { showCard } from '../render/show.js';
import { visible } from '../render/visible.js';

interface SendOptions extends CarryOutOptions {
  readonly memo?: string;
  readonly max?: string;
  readonly dryRun?: true;
  readonly confirmDuplicate?: string;
}

/** What to pay, from the command line and, for what is missing there, from the person. */
async function askBody(
  { prompts }: Context,
  payer: Payer,
  operands: readonly (string | undefined)[],
  { memo, max, confirmDuplicate }: SendOptions,
): Promise<PaymentBody> {
  const [to, amount] = operands;
  const currency = currencyCode(operands[2]);
  prompts.gate([...(to === undefined ? ['<user>'] : []), ...(amount === undefined ? ['<amount>'] : [])]);
  const receiver = to ?? (await prompts.text({ message: 'Whom to pay:', flag: '<user>' })).trim();
  const unit = currency ?? payer.currency;
  const sum =
    amount ??
    (await prompts.text({
      message: unit === undefined ? 'How much:' : `How much (${unit}):`,
      flag: '<amount>',
      validate: (answer) => amountFault(answer, unit) ?? true,
    }));
  checkAmount(sum, unit);
  if (max !== undefined) {
    checkAmount(max, payer.currency);
  }
  return {
    to: receiver,
    amount: sum,
    ...(currency !== undefined && { currency }),
    ...(memo !== undefined && { memo }),
    ...(max !== undefined && { maxDebit: max }),
    ...(confirmDuplicate !== undefined && { confirmDuplicateOf: confirmDuplicate }),
  };
}

/** The same payment, bounded to the debit that was shown where a rate decides about it. */
function boundTo(shown: PaymentJson, body: PaymentBody): PaymentBody {
  const isDebitFixed = body.currency === undefined || body.currency === shown.sent.currency;
  return isDebitFixed || body.maxDebit !== undefined ? body : { ...body, maxDebit: shown.sent.amount };
}

/** Shows what would happen and asks; gives the payment as it was agreed to. */
async function agree(context: Context, wanted: PaymentBody): Promise<PaymentBody> {
  const { shown, body } = await rehearseBesides(context, wanted);
  await context.prompts.show(rehearsalText(shown, context));
  const isAgain = body !== wanted;
  const message = isAgain
    ? 'Pay again?'
    : `Pay ${visible(body.to)} ${moneyText(shown.sent, context.locale)}?`;
  if (!(await context.prompts.confirm({ message, flag: '--yes' }))) {
    throw new Failure('refused', 'Not paid.');
  }
  return boundTo(shown, body);
}

async function pay(context: Context, payer: Payer, body: PaymentBody, options: SendOptions): Promise<void> {
  const wish = {
    path: '/v1/payments',
    body,
    command: sendCommand,
    agree: (wanted: PaymentBody) => agree(context, wanted),
  };
  const { answer, isReplay, pending } = await carryOut<PaymentBody, PaymentJson>(
    context,
    payer,
    wish,
    options,
  );
  await context.say(paidText(answer, isReplay, context));
  await showDone(pending, () => showCard(context, answer, paymentFields(answer, context)));
}

const send: Run<SendOptions> = async (context, operands, options) => {
  const payer = await payerOf(context);
  const wanted = await askBody(context, payer, operands, options);
  try {
    if (!options.dryRun) {
      await pay(context, payer, wanted, options);
      return;
    }
    const shown = await rehearse(await context.api(), wanted);
    await context.say('Nothing was sent: this is what would happen.');
    await showCard(context, shown, paymentFields(shown, context));
  } catch (error) {
    throw namingDuplicateFlag(error, context.now());
  }
};

export function define(command: Command, start: Start): void {
  withExamples(command, [
    'pay send bob 10 --memo lunch         ten of your currency, after showing what bob receives',
    'pay send bob 10 USD --max 8.50       bob receives 10 USD, for at most 8.50 of yours',
    'pay send bob 10 --yes                for scripts: nothing is asked',
    'pay send bob 10 --dry-run            what would happen',
  ])
    .argument('[user]', 'whom to pay')
    .argument('[amount]', 'how much, such as 12.50')
    .argument('[currency]', "your currency (default) fixes what you pay, the receiver's what arrives")
    .option('-m, --memo <text>', 'what it is for')
    .option('--max <amount>', 'the most that you are willing to pay, in your currency')
    .option('--dry-run', 'only show what would happen')
    .option('--confirm-duplicate <id>', 'pay again, besides this payment of a moment ago')
    .option('-y, --yes', 'do not ask')
    .option('--key <key>', 'the idempotency key; money moves at most once for each')
    .action(start(send));
}
