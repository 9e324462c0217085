import type { Command } from 'commander';
import type { PaymentJson } from '../../server/features/payments/wire.js';
import type { Run, Start } from '../command.js';
import type { Context } from '../context.js';
import { Failure } from '../failure.js';
import { withExamples } from '../help/help.js';
import { paymentFields } from '../history/payment-text.js';
import { type CarryOutOptions, carryOut, showDone } from '../settling/carry-out.js';
import { payerOf } from '../settling/payer.js';
import type { CommandParts } from '../settling/settle-command.js';
import { checkAmount } from '../terminal/amount.js';
import { moneyText } from '../terminal/money.js';
import { askMissing } from '../terminal/prompts/ask-missing.js';
import { showCard } from '../terminal/show.js';
import { relativeTime } from '../terminal/time.js';
import { visible } from '../terminal/visible.js';
import { refundAct } from './payment-act.js';
import { paidText, rehearsalText } from './rehearse.js';

interface RefundOptions extends CarryOutOptions {
  readonly reason?: string;
}

interface RefundBody {
  readonly amount?: string;
  readonly reason?: string;
}

function refundPath(id: string): string {
  return `/v1/payments/${encodeURIComponent(id)}/refunds`;
}

function originalText(payment: PaymentJson, { locale, now }: Context): string {
  const { from, sent, received, memo, refunded, createdAt } = payment;
  const what =
    sent.currency === received.currency
      ? `paid you ${moneyText(sent, locale)}`
      : `sent ${moneyText(sent, locale)}, and you received ${moneyText(received, locale)}`;
  const words = memo === null ? '' : ` (${visible(memo)})`;
  const back = refunded === null ? '' : `\n${moneyText(refunded, locale)} of it went back already.`;
  return `${visible(from ?? '')} ${what}${words}, ${relativeTime(createdAt, now())}.${back}`;
}

/** Shows what the refund costs and asks. What it costs is fixed by the payment, so that nothing bounds it. */
async function agree(context: Context, id: string, body: RefundBody): Promise<RefundBody> {
  const api = await context.api();
  const original = await api.json<PaymentJson>({
    method: 'GET',
    path: `/v1/payments/${encodeURIComponent(id)}`,
    ifNotFound: ['Look it up: pay history --direction received'],
  });
  if (body.amount !== undefined) {
    checkAmount(body.amount, original.sent.currency);
  }
  const shown = await api.json<PaymentJson>({
    method: 'POST',
    path: refundPath(id),
    body: { ...body, dryRun: true },
  });
  await context.prompts.show(originalText(original, context));
  await context.prompts.show(rehearsalText(shown, context));
  const message = `Give ${visible(shown.to ?? '')} back ${moneyText(shown.received, context.locale)}?`;
  if (!(await context.prompts.confirm({ message, flag: '--yes' }))) {
    throw new Failure('refused', 'Nothing was given back.');
  }
  // All that is left is what was shown, whatever is given back meanwhile.
  return { ...body, amount: shown.received.amount };
}

function refundCommand(id: string, { amount, reason }: RefundBody): CommandParts {
  return {
    verb: ['refund'],
    operands: [id, ...(amount === undefined ? [] : [amount])],
    flags: { '--reason': reason },
  };
}

const refund: Run<RefundOptions> = async (context, [given, amount], options) => {
  const payer = await payerOf(context);
  const { id } = await askMissing(context.prompts, {
    id: { value: given, message: 'Id of the payment:', flag: '<id>' },
  });
  const { reason } = options;
  const wish = {
    path: refundPath(id),
    body: { ...(amount !== undefined && { amount }), ...(reason !== undefined && { reason }) },
    describe: (body: RefundBody) => refundAct(id, body),
    command: (body: RefundBody) => refundCommand(id, body),
    agree: (body: RefundBody) => agree(context, id, body),
  };
  const done = await carryOut<RefundBody, PaymentJson>(context, payer, wish, options);
  await context.say(paidText(done.answer, done.isReplay, context));
  await showDone(done.pending, () => showCard(context, done.answer, paymentFields(done.answer, context)));
};

export function define(command: Command, start: Start): void {
  withExamples(command, [
    'pay refund <id>                      all that is left, after showing what it costs',
    'pay refund <id> 5 --reason "half"    a part, in the currency that was sent',
  ])
    .argument('[id]', 'the payment that you received, as `pay history` gives it')
    .argument('[amount]', 'how much of it, in the currency that the payer sent')
    .option('-r, --reason <text>', 'why; the other side sees it')
    .option('-y, --yes', 'do not ask')
    .option('--key <key>', 'the idempotency key; money moves at most once for each')
    .action(start(refund));
}
