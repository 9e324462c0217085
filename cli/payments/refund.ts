import type { Command } from 'commander';
import type { PaymentJson } from '../../server/features/payments/wire.js';
import type { Api } from '../api/api.js';
import { type Act, targetOf } from '../api/operation.js';
import { paymentShape } from '../api/shapes.js';
import type { Run, Start } from '../command.js';
import type { Context } from '../context.js';
import { typedAmount } from '../conversion/typed-amount.js';
import { Failure } from '../failure/failure.js';
import { withExamples } from '../help/help.js';
import { choosePayment, type PaymentChoice } from '../history/choose-payment.js';
import { showPayment } from '../history/payment-text.js';
import { type CarryOutOptions, carryOut, showDone } from '../settling/carry-out.js';
import { meantBesides } from '../settling/own-key.js';
import type { Payer } from '../settling/payer.js';
import { payerOf } from '../settling/payer.js';
import type { CommandParts } from '../settling/settle-command.js';
import { checkAmount } from '../terminal/amount.js';
import { moneyText } from '../terminal/money.js';
import { type Shown, shown } from '../terminal/text/shown.js';
import { relativeTime } from '../terminal/time.js';
import { namingDuplicateFlag, refundedAlready, rehearseBesides } from './likely-duplicate.js';
import { refundAct } from './payment-act.js';
import { paidText, rehearsalText } from './rehearse.js';

interface RefundOptions extends CarryOutOptions {
  readonly reason?: string;
  readonly dryRun?: true;
  readonly confirmDuplicate?: string;
}

type RefundBody = Act<'POST /v1/payments/{id}/refunds'>;

function originalText(payment: PaymentJson, { locale, now }: Context): Shown {
  const { from, sent, received, memo, refunded, createdAt } = payment;
  const what =
    sent.currency === received.currency
      ? `paid you ${moneyText(sent, locale)}`
      : `sent ${moneyText(sent, locale)}, and you received ${moneyText(received, locale)}`;
  const words = memo === null ? '' : ` (${memo})`;
  const back = refunded === null ? '' : shown`\n${moneyText(refunded, locale)} of it went back already.`;
  return shown`${from ?? ''} ${what}${words}, ${relativeTime(createdAt, now())}.${back}`;
}

/** What the refund would do, judged by the server with the same refusals; nothing happens. */
const rehearseRefund = (api: Api, id: string, body: RefundBody) =>
  api.call('POST /v1/payments/{id}/refunds', { params: { id }, body: { ...body, dryRun: true } });

/** Shows what the refund costs and asks. What it costs is fixed by the payment, so that nothing bounds it. */
async function agree(context: Context, id: string, wanted: RefundBody): Promise<RefundBody> {
  const api = await context.api();
  const original = await api.call('GET /v1/payments/{id}', {
    params: { id },
    ifNotFound: ['Look it up: pay history --direction received'],
  });
  if (wanted.amount !== undefined) {
    checkAmount(wanted.amount, original.sent.currency);
  }
  const { judged, body } = await rehearseBesides(context, wanted, (tried) => rehearseRefund(api, id, tried));
  await context.prompts.show(originalText(original, context));
  await context.prompts.show(await rehearsalText(judged, context));
  const isAgain = body !== wanted;
  const message = isAgain
    ? 'Give it back again?'
    : `Give ${judged.to ?? ''} back ${moneyText(judged.received, context.locale)}?`;
  if (!(await context.prompts.confirm({ message, flag: '--yes' }))) {
    throw new Failure('refused', 'Nothing was given back.');
  }
  // A refund of all that is left is one of what was shown, whatever is given back meanwhile.
  return { ...body, amount: judged.received.amount };
}

function refundCommand(id: string, { amount, reason, confirmDuplicateOf }: RefundBody): CommandParts {
  return {
    verb: ['refund'],
    operands: [id, ...(amount === undefined ? [] : [amount])],
    flags: { '--reason': reason, '--confirm-duplicate': confirmDuplicateOf },
  };
}

async function giveBack(
  context: Context,
  payer: Payer,
  id: string,
  body: RefundBody,
  options: RefundOptions,
): Promise<void> {
  const intent = {
    target: targetOf('POST /v1/payments/{id}/refunds', { params: { id } }),
    body,
    describe: (agreed: RefundBody) => refundAct(id, agreed),
    command: (agreed: RefundBody) => refundCommand(id, agreed),
    agree: (wanted: RefundBody) => agree(context, id, wanted),
  };
  const done = await carryOut(context, payer, intent, options);
  await context.say(paidText(done.answer, done.isReplay, context));
  await showDone(done.pending, () => showPayment(context, done.answer));
}

/** The currency that was sent, in which the amount of a refund is. */
async function sentCurrency(context: Context, id: string): Promise<string> {
  const api = await context.api();
  return (await api.call('GET /v1/payments/{id}', { params: { id } })).sent.currency;
}

/** What was received of others and is not all given back yet. */
const refundable: PaymentChoice = {
  direction: 'received',
  isOffered: ({ kind, sent, refunded }) =>
    (kind === 'transfer' || kind === 'request') && refunded?.amount !== sent.amount,
};

const refund: Run<RefundOptions> = async (context, [given, typed], options) => {
  const payer = await payerOf(context);
  const id = await choosePayment(context, given, 'Which one to give back?', refundable);
  const amount =
    typed === undefined ? undefined : await typedAmount(context, typed, () => sentCurrency(context, id));
  const { reason } = options;
  const body = {
    ...(amount !== undefined && { amount }),
    ...(reason !== undefined && { reason }),
    ...meantBesides(options),
  };
  try {
    if (!options.dryRun) {
      await giveBack(context, payer, id, body, options);
      return;
    }
    const judged = await rehearseRefund(await context.api(), id, body);
    await context.say(shown`Nothing was given back: this is what would happen.`);
    await showPayment(context, judged);
  } catch (error) {
    throw namingDuplicateFlag(error, context.now(), refundedAlready);
  }
};

export function define(command: Command, start: Start): void {
  withExamples(command, [
    'pay refund <id>                      all that is left, after showing what it costs',
    'pay refund <id> 5 --reason "half"    a part, in the currency that was sent',
    'pay refund <id> --dry-run            what would happen',
  ])
    .argument('[id]', 'the payment that you received, as `pay history` gives it')
    .argument('[amount]', 'how much of it, in the currency that the payer sent')
    .option('-r, --reason <text>', 'why; the other side sees it')
    .option('--dry-run', 'only show what would happen')
    .option('--confirm-duplicate <id>', 'give back again, besides this refund of a moment ago')
    .option('-y, --yes', 'do not ask')
    .option(
      '--key <key>',
      'the idempotency key; money moves at most once for each, whatever was given back before',
    )
    .action(start(refund, paymentShape));
}
