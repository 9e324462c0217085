import type { RequestJson } from '../../server/features/requests/wire.js';
import { findMe } from '../account/find-me.js';
import { fetchList } from '../api/fetch-list.js';
import type { Context } from '../context.js';
import { Failure } from '../failure.js';
import { moneyText } from '../terminal/money.js';
import { relativeTime, timeUntil } from '../terminal/time.js';
import { visible } from '../terminal/visible.js';
import { isIncoming } from './request-text.js';

export type Side = 'incoming' | 'outgoing' | undefined;

const mostToChooseFrom = 100;

function choiceText(request: RequestJson, username: string, { locale, now }: Context): string {
  const who = isIncoming(request, username)
    ? `${request.requester} asks you for`
    : `you ask ${request.payer} for`;
  const memo = request.memo === null ? '' : ` · ${request.memo}`;
  const age = relativeTime(request.createdAt, now());
  return visible(
    `${who} ${moneyText(request.amount, locale)}${memo} · ${age}, expires ${timeUntil(request.expiresAt, now())}`,
  );
}

/** The id that was given, or that of the pending request that the person chooses. Without a terminal it must be given. */
export async function chooseRequest(
  context: Context,
  given: string | undefined,
  direction: Side,
  question: string,
): Promise<string> {
  if (given !== undefined) {
    return given;
  }
  context.prompts.gate(['<id>']);
  const { items } = await fetchList<RequestJson>(
    context,
    '/v1/requests',
    { direction, status: 'pending' },
    mostToChooseFrom,
  );
  if (items.length === 0) {
    throw new Failure('not-found', 'There is no pending request to choose from.', {
      next: ['See closed ones, too: pay requests --all'],
    });
  }
  const { username } = await findMe(context);
  return await context.prompts.pick({
    message: question,
    flag: '<id>',
    choices: items.map((request) => ({
      value: request.id,
      name: choiceText(request, username, context),
      short: request.id,
    })),
  });
}

/** One request. @throws Failure (not-found) */
export async function fetchRequest(context: Context, id: string): Promise<RequestJson> {
  const api = await context.api();
  return await api.call('GET /v1/requests/{id}', {
    params: { id },
    ifNotFound: ['Look it up: pay requests --all'],
  });
}
