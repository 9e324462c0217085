import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import type { PaymentJson } from '../../server/payments/wire.js';
import { amountFault, checkAmount, currencyCode } from '../amount.js';
import type { Run, Start } from '../command.js';
import type { Context } from '../context.js';
import { Failure } from '../failure.js';
import { withExamples } from '../help.js';
import { warnOfEarlier } from '../payments/earlier-payment.js';
import { type Payer, payerOf } from '../payments/payer.js';
import {
  isSameBody,
  openJournal,
  type PaymentBody,
  type PendingJournal,
  type PendingPayment,
} from '../payments/pending.js';
import { rehearsalText, rehearse } from '../payments/rehearse.js';
import { settle, unknownOutcome } from '../payments/settle.js';
import { settleCommand } from '../payments/settle-command.js';
import { moneyText } from '../render/money.js';
import { paymentFields } from '../render/payment.js';
import { shellCommand } from '../render/shell-quote.js';
import { showCard } from '../render/show.js';
import { visible } from '../render/visible.js';
import { sleep } from '../sleep.js';

interface SendOptions {
  readonly memo?: string;
  readonly max?: string;
  readonly dryRun?: true;
  readonly yes?: true;
  readonly key?: string;
}

/** What to pay, from the command line and, for what is missing there, from the person. */
async function askBody(
  { prompts }: Context,
  payer: Payer,
  operands: readonly (string | undefined)[],
  { memo, max }: SendOptions,
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
  };
}

/** The same payment, bounded to the debit that was shown where a rate decides about it. */
function boundTo(shown: PaymentJson, body: PaymentBody): PaymentBody {
  const isDebitFixed = body.currency === undefined || body.currency === shown.sent.currency;
  return isDebitFixed || body.maxDebit !== undefined ? body : { ...body, maxDebit: shown.sent.amount };
}

/** Shows what would happen and asks; gives the payment as it was agreed to. */
async function agree(context: Context, body: PaymentBody): Promise<PaymentBody> {
  const api = await context.api();
  const shown = await rehearse(api, body);
  await context.prompts.show(rehearsalText(shown, context));
  const message = `Pay ${visible(body.to)} ${moneyText(shown.sent, context.locale)}?`;
  if (!(await context.prompts.confirm({ message, flag: '--yes' }))) {
    throw new Failure('refused', 'Not paid.');
  }
  return boundTo(shown, body);
}

function newPending(payer: Payer, body: PaymentBody, key: string, now: Date): PendingPayment {
  return {
    key,
    method: 'POST',
    path: '/v1/payments',
    body,
    server: payer.server,
    user: payer.user,
    createdAt: now.toISOString(),
    command: settleCommand(body, key, payer),
  };
}

/** A key that has an unsettled payment may only send that one again. */
function checkRepeats(earlier: PendingPayment, payer: Payer, body: PaymentBody): void {
  if (earlier.server === payer.server && earlier.user === payer.user && isSameBody(earlier.body, body)) {
    return;
  }
  throw new Failure(
    'usage',
    `The key ${visible(earlier.key)} belongs to another payment, whose outcome is not known yet.`,
    {
      next: ['Settle that one with:', shellCommand(earlier.command)],
    },
  );
}

async function pay(
  context: Context,
  journal: PendingJournal,
  pending: PendingPayment,
  mayBeSent: boolean,
): Promise<void> {
  const api = await context.api();
  if (!mayBeSent) {
    await journal.write(pending);
  }
  const { say, signal, now } = context;
  const { payment, isReplay } = await settle(pending, mayBeSent, { api, journal, say, signal, now, sleep });
  const { pen } = context.stderr;
  const crosses = payment.sent.currency !== payment.received.currency;
  const got = crosses ? `, who received ${moneyText(payment.received, context.locale)}` : '';
  await context.say(
    `${pen.green('✓')} Paid ${moneyText(payment.sent, context.locale)} to ${visible(payment.to ?? pending.body.to)}${got}.` +
      (isReplay ? ' An earlier try had made it; it was not made again.' : ''),
  );
  await showCard(context, payment, paymentFields(payment, context)).catch((error: unknown) => {
    // The money moved; whoever reads only the status must not take it for a failure and pay again.
    throw unknownOutcome(
      pending,
      `it was, but the result was lost (${error instanceof Error ? error.message : error})`,
    );
  });
}

const send: Run<SendOptions> = async (context, operands, options) => {
  const payer = await payerOf(context);
  const wanted = await askBody(context, payer, operands, options);
  if (options.dryRun) {
    const shown = await rehearse(await context.api(), wanted);
    await context.say('Nothing was sent: this is what would happen.');
    await showCard(context, shown, paymentFields(shown, context));
    return;
  }
  const journal = openJournal(context.folder);
  const earlier = options.key === undefined ? undefined : await journal.find(options.key);
  if (earlier) {
    checkRepeats(earlier, payer, wanted);
  }
  const isAsked = options.yes !== true;
  context.prompts.gate(isAsked ? ['--yes'] : []);
  if (options.key === undefined) {
    await warnOfEarlier(context, journal, payer, wanted, isAsked);
  }
  const body = isAsked && earlier === undefined ? await agree(context, wanted) : wanted;
  const pending = earlier ?? newPending(payer, body, options.key ?? randomUUID(), context.now());
  await pay(context, journal, pending, earlier !== undefined);
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
    .option('-y, --yes', 'do not ask')
    .option('--key <key>', 'the idempotency key; money moves at most once for each')
    .action(start(send));
}
