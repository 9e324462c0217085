import type { Database } from '../../../db/connect.js';
import { rowNumber } from '../../ids.js';
import type { EventType } from '../../ledger/record-event.js';
import { findRequests } from '../requests/request-store.js';
import { type RequestView, requestJson } from '../requests/wire.js';
import type { ToldEvent } from './event-store.js';

/** The events that ask for an answer; once there is one, there is nothing to offer any more. */
const asking: readonly string[] = ['request.received', 'request.reminded'] satisfies EventType[];

const requestIdOf = ({ type, data }: ToldEvent): number | undefined =>
  asking.includes(type) ? rowNumber('req', (JSON.parse(data) as { id: string }).id) : undefined;

/** The request as it stands at `now`, in microseconds: one whose time is up is expired, whether it was closed yet or not. */
const currentJson = ({ request, ...sides }: RequestView, now: number) =>
  requestJson({
    ...sides,
    request:
      request.status === 'pending' && request.expires_at <= now ? { ...request, status: 'expired' } : request,
  });

/** The events of an inbox, those that ask for an answer with the request as it stands now instead of as it was then. */
export async function withCurrentRequests(
  readers: Database,
  userId: number,
  events: readonly ToldEvent[],
  now: number,
): Promise<readonly ToldEvent[]> {
  const ids = events.map(requestIdOf);
  const wanted = [...new Set(ids.filter((id) => id !== undefined))];
  const views = wanted.length === 0 ? [] : await findRequests(readers, userId, wanted);
  const byId = new Map(views.map((view) => [view.request.id, view]));
  return events.map((event, index) => {
    const view = byId.get(ids[index] ?? 0);
    return view ? { ...event, data: JSON.stringify(currentJson(view, now)) } : event;
  });
}
