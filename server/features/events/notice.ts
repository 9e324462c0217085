import type { EventRow } from '../../../db/tables/events.js';
import type { PaymentRow, RatesRow } from '../../../db/tables/payments.js';
import type { RequestRow } from '../../../db/tables/requests.js';
import { publicId } from '../../ids.js';
import type { TableChanges } from '../../ledger/book/table-changes.js';
import { changedCallers } from '../../ledger/judge-credential.js';

/** A notice of what a commit changed that somebody may be waiting for. It is a hint to look, and says nothing of what there is to see. */
export interface Notice {
  /** Users that may have new events: whoever was paid is mostly told of it by the entry of their account. */
  readonly userIds: readonly number[];
  /** Sessions and personal tokens that have ended, by the ids that the world sees. */
  readonly endedCredentialIds: readonly string[];
  /** Users of whom something is not what it was, such as their role, by the ids that the world sees. */
  readonly changedUserIds: readonly string[];
  /** The rates that count from now on, where there are new ones. */
  readonly rates?: RatesRow;
  /** When the first of the new requests expires, in microseconds since 1970. */
  readonly firstExpiry?: number;
  /** Whether there may be more than the notice tells: what others wrote is known by its result alone. */
  readonly isAnything?: true;
  /** Whether another writer has changed webhooks or what is delivered to them. */
  readonly isOfWebhooks?: true;
  /** The count of commits of all writers that the notice ends with, where another waits until it is heard of. */
  readonly heardTo?: number;
  /** How many writers there are beside this one, where they have come or gone. */
  readonly others?: number;
}

const none: Notice = { userIds: [], endedCredentialIds: [], changedUserIds: [] };

/** The notice that other writers have come or gone. */
export const noticeOfOthers = (others: number): Notice => ({ ...none, others });

/** The notice that anything may have changed; all requests may be new to whoever hears it. */
export const noticeOfAnything = (rates: RatesRow, heardTo: number): Notice => ({
  ...none,
  rates,
  firstExpiry: 0,
  isAnything: true,
  heardTo,
});

/** The notice of what another writer has committed, by its number. */
export function noticeOfFollowed(changes: readonly TableChanges[], commits: number): Notice | undefined {
  const notice = noticeOf(changes);
  const isOfWebhooks = changes.some(({ table }) => table === 'webhooks' || table === 'deliveries');
  if (notice === undefined && !isOfWebhooks) {
    return undefined;
  }
  return {
    ...(notice ?? none),
    ...(isOfWebhooks && { isOfWebhooks }),
    ...(notice && isOfCallers(notice) && { heardTo: commits }),
  };
}

const isOfCallers = ({ endedCredentialIds, changedUserIds }: Notice): boolean =>
  endedCredentialIds.length + changedUserIds.length > 0;

/** The notice of a commit; undefined where nobody waits for any of it. */
export function noticeOf(changes: readonly TableChanges[]): Notice | undefined {
  const userIds = new Set<number>();
  const { sessions, tokens, users } = changedCallers(changes);
  const endedCredentialIds = [
    ...sessions.map(({ id }) => publicId('ses', id)),
    ...tokens.map(({ id }) => publicId('tok', id)),
  ];
  const changedUserIds = users.map(({ id }) => publicId('usr', id));
  let rates: RatesRow | undefined;
  let firstExpiry: number | undefined;
  for (const { table, inserted } of changes) {
    if (table === 'events') {
      for (const event of inserted as readonly EventRow[]) {
        userIds.add(event.user_id);
      }
    }
    if (table === 'payments') {
      for (const { to_user_id } of inserted as readonly PaymentRow[]) {
        if (to_user_id !== null) {
          userIds.add(to_user_id);
        }
      }
    }
    if (table === 'rates') {
      rates = inserted.at(-1) as RatesRow;
    }
    if (table === 'requests' && inserted.length > 0) {
      firstExpiry = Math.min(...(inserted as readonly RequestRow[]).map(({ expires_at }) => expires_at));
    }
  }
  const isEmpty = userIds.size + endedCredentialIds.length + changedUserIds.length === 0;
  return isEmpty && rates === undefined && firstExpiry === undefined
    ? undefined
    : {
        userIds: [...userIds],
        endedCredentialIds,
        changedUserIds,
        ...(rates && { rates }),
        ...(firstExpiry !== undefined && { firstExpiry }),
      };
}
