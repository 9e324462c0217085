import type { RequestJson } from '../../server/features/requests/wire.js';
import { findMe, ownCurrency } from '../account/find-me.js';
import type { Api } from '../api/api.js';
import { type Act, targetOf } from '../api/operation.js';
import type { Run } from '../command.js';
import type { Context } from '../context.js';
import { typedAmount } from '../conversion/typed-amount.js';
import { Failure } from '../failure/failure.js';
import { showPayment } from '../history/payment-text.js';
import { paidText, rehearsalText } from '../payments/rehearse.js';
import { type CarryOutOptions, carryOut, showDone } from '../settling/carry-out.js';
import { payerOf } from '../settling/payer.js';
import type { CommandParts } from '../settling/settle-command.js';
import { checkAmount } from '../terminal/amount.js';
import { moneyText } from '../terminal/money.js';
import { type Shown, shown } from '../terminal/text/shown.js';
import { relativeTime } from '../terminal/time.js';
import { chooseRequest, fetchRequest } from './choose-request.js';
import { acceptanceAct } from './request-act.js';
import { isIncoming, sideNames } from './request-text.js';

interface AcceptOptions extends CarryOutOptions {
  readonly memo?: string;
  readonly max?: string;
  readonly dryRun?: true;
}

type AcceptBody = Act<'POST /v1/requests/{id}/accept'>;

/** Whether it can be accepted at all, so that nobody is asked about what cannot be. */
async function refuseOthers(context: Context, request: RequestJson): Promise<void> {
  const { username } = await findMe(context);
  if (!isIncoming(request, username)) {
    throw new Failure('not-allowed', `Only ${request.payer}, who is asked, can accept this request.`, {
      next: [`To take it back: pay requests cancel ${request.id}`],
    });
  }
  if (request.status !== 'pending') {
    throw new Failure('refused', `The request is closed: ${request.status}.`, {
      next: [`See how it ended: pay requests show ${request.id}`],
    });
  }
}

async function requestText(request: RequestJson, context: Context): Promise<Shown> {
  const { locale, now, stderr } = context;
  const nameOf = await sideNames(context, [request]);
  const memo = request.memo === null ? '' : ` (${request.memo})`;
  const amount = stderr.pen.bold(moneyText(request.amount, locale));
  return shown`${nameOf(request.requester)} asks you for ${amount}${memo}, ${relativeTime(request.createdAt, now())}.`;
}

/** What accepting would do, judged by the server with the same refusals; nothing happens. */
const rehearseAccept = (api: Api, id: string, body: AcceptBody) =>
  api.call('POST /v1/requests/{id}/accept', { params: { id }, body: { ...body, dryRun: true } });

/** Shows what accepting costs and asks; gives the acceptance bounded to that. */
async function agree(context: Context, id: string, body: AcceptBody): Promise<AcceptBody> {
  const request = await fetchRequest(context, id);
  await refuseOthers(context, request);
  await context.prompts.show(await requestText(request, context));
  const { payment: judged } = await rehearseAccept(await context.api(), id, body);
  await context.prompts.show(await rehearsalText(judged, context));
  const message = `Pay ${request.requester} ${moneyText(judged.sent, context.locale)}?`;
  if (!(await context.prompts.confirm({ message, flag: '--yes' }))) {
    throw new Failure('refused', 'Not paid. The request stays pending.', {
      next: [`To say no: pay requests decline ${id}`],
    });
  }
  return { ...body, maxDebit: body.maxDebit ?? judged.sent.amount };
}

function acceptCommand(id: string, body: AcceptBody): CommandParts {
  return {
    verb: ['requests', 'accept'],
    operands: [id],
    flags: { '--memo': body.memo, '--max': body.maxDebit },
  };
}

export const accept: Run<AcceptOptions> = async (context, [given], options) => {
  const payer = await payerOf(context);
  const { memo, dryRun } = options;
  const max =
    options.max === undefined ? undefined : await typedAmount(context, options.max, ownCurrency(context));
  if (max !== undefined) {
    checkAmount(max, payer.currency);
  }
  context.prompts.gate([
    ...(given === undefined ? ['<id>'] : []),
    ...(options.yes || dryRun ? [] : ['--yes']),
  ]);
  const id = await chooseRequest(context, given, 'incoming', 'Which one to pay?');
  const body = { ...(max !== undefined && { maxDebit: max }), ...(memo !== undefined && { memo }) };
  if (dryRun) {
    const tried = await rehearseAccept(await context.api(), id, body);
    await context.say(shown`Nothing was paid: this is what would happen.`);
    await showPayment(context, tried.payment, tried);
    return;
  }
  const intent = {
    target: targetOf('POST /v1/requests/{id}/accept', { params: { id } }),
    body,
    describe: () => acceptanceAct(id),
    command: (agreed: AcceptBody) => acceptCommand(id, agreed),
    agree: (wanted: AcceptBody) => agree(context, id, wanted),
  };
  const done = await carryOut(context, payer, intent, options);
  const { payment } = done.answer;
  await context.say(paidText(payment, done.isReplay, context));
  await showDone(done.pending, () => showPayment(context, payment, done.answer));
};
