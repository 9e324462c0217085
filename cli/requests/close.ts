import type { RequestJson } from '../../server/features/requests/wire.js';
import type { Run } from '../command.js';
import type { Context } from '../context.js';
import { Failure } from '../failure/failure.js';
import { moneyText } from '../terminal/money.js';
import { shown } from '../terminal/text/shown.js';
import { chooseRequest, fetchRequest } from './choose-request.js';
import { showRequest, sideNames } from './request-text.js';
import { tooEarly } from './too-early.js';

/** The arguments of a call about one request, and what to do where it fails. */
function about(id: string) {
  return {
    params: { id },
    ifUnknown: [`See how it stands: pay requests show ${id}`],
    ifNotFound: ['Look it up: pay requests --all'],
  };
}

async function tell(context: Context, request: RequestJson, done: string): Promise<void> {
  await context.say(shown`${context.stderr.pen.green('✓')} ${done}`);
  await showRequest(context, request);
}

interface DeclineOptions {
  readonly reason?: string;
  readonly yes?: true;
}

const mostReasonCharacters = 500;

/** Asks the one who chose a request from the list for the reason, and whether it is meant: one Enter too many declines nothing. */
async function agreeToDecline(context: Context, id: string, given: string | undefined): Promise<string> {
  const request = await fetchRequest(context, id);
  const nameOf = await sideNames(context, [request]);
  const reason =
    given ??
    (await context.prompts.typed({
      message: 'Why (they see it; empty for no reason):',
      flag: '--reason',
      validate: (answer) =>
        answer.length <= mostReasonCharacters || `At most ${mostReasonCharacters} characters.`,
    }));
  const message = `Decline to pay ${nameOf(request.requester)} ${moneyText(request.amount, context.locale)}?`;
  if (!(await context.prompts.confirm({ message, flag: '--yes' }))) {
    throw new Failure('refused', 'Not declined. The request stays pending.');
  }
  return reason;
}

export const decline: Run<DeclineOptions> = async (context, [given], options) => {
  const id = await chooseRequest(context, given, 'incoming', 'Which one to decline?');
  const isAsked = given === undefined && !options.yes;
  const reason = isAsked ? await agreeToDecline(context, id, options.reason) : options.reason;
  const api = await context.api();
  const request = await api.call('POST /v1/requests/{id}/decline', {
    ...about(id),
    body: reason ? { reason } : {},
  });
  const amount = moneyText(request.amount, context.locale);
  await tell(context, request, `Declined: ${request.requester} does not get ${amount}.`);
};

export const cancel: Run<object> = async (context, [given]) => {
  const id = await chooseRequest(context, given, 'outgoing', 'Which one to cancel?');
  const api = await context.api();
  const request = await api.call('POST /v1/requests/{id}/cancel', about(id));
  const amount = moneyText(request.amount, context.locale);
  await tell(context, request, `Cancelled: ${request.payer} is no longer asked for ${amount}.`);
};

export const remind: Run<object> = async (context, [given]) => {
  const id = await chooseRequest(context, given, 'outgoing', 'Which one to bring to mind?');
  const api = await context.api();
  const request = await api.call('POST /v1/requests/{id}/remind', about(id)).catch((error: unknown) => {
    throw tooEarly(error, 'They were reminded less than an hour ago.', context.now());
  });
  await tell(context, request, `Reminded ${request.payer}.`);
};
