import { defineRule } from '../../ledger/rule.js';
import { cancel, expire } from '../requests/close-request.js';
import { isExpired } from '../requests/find-request.js';
import {
  type CollectionAct,
  collectionReads,
  ownCollection,
  pendingSides,
  requestsOf,
} from './find-collection.js';
import { tallyRequests } from './tally.js';
import { collectionJson } from './wire.js';

/**
 * Closes a collection: takes back what nobody has answered, and takes nobody else in. One that is closed stays so, however
 * often it is closed.
 */
export const closeCollection = defineRule<CollectionAct>('close-collection', {
  needsTime: true,
  reads: collectionReads,

  decide(book, act, { moment }) {
    const found = ownCollection(book, act);
    const pending = pendingSides(book, found);
    const over = pending.filter(({ request }) => isExpired(request, moment));
    const open = pending.filter(({ request }) => !isExpired(request, moment));
    for (const sides of over) {
      expire(book, sides, moment);
    }
    for (const sides of open) {
      cancel(book, sides, moment);
    }
    const collection =
      found.closed_at === null ? book.update('collections', found, { closed_at: moment.now }) : found;
    const json = collectionJson(
      { collection, tally: tallyRequests(requestsOf(book, collection)) },
      moment.now,
    );
    return { status: 200, body: { ...json, cancelled: open.map(({ payer }) => payer.username) } };
  },
});
