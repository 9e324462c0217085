import type { RequestJson } from '../../server/features/requests/wire.js';
import { findMe } from '../account/find-me.js';
import { fetchList } from '../api/fetch-list.js';
import type { Context } from '../context.js';
import { chooseId } from '../lists/choose-id.js';
import { bareName, type NameOf } from '../people/names.js';
import { moneyText } from '../terminal/money.js';
import { relativeTime, timeUntil } from '../terminal/time.js';
import { isIncoming, sideNames } from './request-text.js';

export type Side = 'incoming' | 'outgoing' | undefined;

function choiceText(request: RequestJson, username: string, nameOf: NameOf, context: Context): string {
  const { locale, now } = context;
  const who = isIncoming(request, username)
    ? `${nameOf(request.requester)} asks you for`
    : `you ask ${nameOf(request.payer)} for`;
  const memo = request.memo === null ? '' : ` · ${request.memo}`;
  const age = relativeTime(request.createdAt, now());
  return `${who} ${moneyText(request.amount, locale)}${memo} · ${age}, expires ${timeUntil(request.expiresAt, now())}`;
}

/** The id that was given, whole, or that of the pending request that the person chooses. Without a terminal it must be given. */
export async function chooseRequest(
  context: Context,
  given: string | undefined,
  direction: Side,
  question: string,
): Promise<string> {
  context.prompts.gate(given === undefined ? ['<id>'] : []);
  const username = given === undefined ? (await findMe(context)).username : '';
  let nameOf = bareName;
  const query = given === undefined ? { direction, status: 'pending' as const } : {};
  return await chooseId(context, given, {
    prefix: 'req',
    message: question,
    items: async (most) => {
      const { items } = await fetchList(context, 'GET /v1/requests', { query }, most);
      nameOf = given === undefined ? await sideNames(context, items) : bareName;
      return items;
    },
    textOf: (request) => choiceText(request, username, nameOf, context),
    none: 'There is no pending request to choose from.',
    next: ['See closed ones, too: pay requests --all'],
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
