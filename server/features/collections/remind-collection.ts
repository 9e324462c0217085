import { timeText } from '../../clock.js';
import { Refusal } from '../../errors.js';
import { defineRule } from '../../ledger/rule.js';
import { refuseFrozen } from '../accounts/refuse-frozen.js';
import { isBlocked } from '../blocks/block.js';
import { isExpired } from '../requests/find-request.js';
import { microsToReminder, remind } from '../requests/remind-payer.js';
import {
  type CollectionAct,
  collectionReads,
  ownCollection,
  pendingSides,
  requestsOf,
} from './find-collection.js';
import { tallyRequests } from './tally.js';
import { collectionJson, reminderPauseMicros } from './wire.js';

function refuseTooSoon(remindedAt: number | null, now: number): void {
  const waitMicros = remindedAt === null ? 0 : remindedAt + reminderPauseMicros - now;
  if (waitMicros > 0) {
    throw new Refusal(
      'RATE_LIMITED',
      'The people of this collection were reminded within the last day. Give them some time.',
      {
        retryAfterSeconds: Math.ceil(waitMicros / 1_000_000),
        figures: { remindableAt: timeText(now + waitMicros) },
      },
    );
  }
}

/**
 * Brings a collection to the mind of those who have not answered, once a day. Who was reminded within the hour, or does not
 * deal with the owner now, is left alone; where nobody is left, nothing is counted.
 */
export const remindCollection = defineRule<CollectionAct>('remind-collection', {
  needsTime: true,
  reads: collectionReads,

  decide(book, act, { moment }) {
    const collection = ownCollection(book, act);
    refuseFrozen({ user: book.get('users', { id: act.userId }) }, 'remind anybody');
    const left = pendingSides(book, collection).filter(
      ({ request, payer }) => !isExpired(request, moment) && !isBlocked(book, act.userId, payer.id),
    );
    if (left.length > 0) {
      refuseTooSoon(collection.reminded_at, moment.now);
    }
    const sides = left.filter(({ request }) => microsToReminder(request, moment) <= 0);
    if (sides.length > 0) {
      book.update('collections', collection, { reminded_at: moment.now });
    }
    for (const one of sides) {
      remind(book, one, moment);
    }
    const json = collectionJson(
      { collection, tally: tallyRequests(requestsOf(book, collection)) },
      moment.now,
    );
    return { status: 200, body: { ...json, reminded: sides.map(({ payer }) => payer.username) } };
  },
});
