import type { RequestRow } from '../../../db/tables/requests.js';
import { timeText } from '../../clock.js';
import { Refusal } from '../../errors.js';
import type { Book } from '../../ledger/book/book.js';
import { recordEvent } from '../../ledger/record-event.js';
import { defineRule, type Moment } from '../../ledger/rule.js';
import { refuseFrozen } from '../accounts/refuse-frozen.js';
import { refuseBlocked } from '../blocks/block.js';
import type { RequestAct } from './close-request.js';
import { dealingReads, openRequest, type Sides, viewOf } from './find-request.js';
import { type RequestJson, requestJson } from './wire.js';

/** The pause between two reminders: more often would be pestering. */
const pauseMicros = 3_600 * 1_000_000;

/** How long until the payer may be reminded again; nothing or less where that is now. */
export const microsToReminder = ({ reminded_at }: RequestRow, { now }: Moment): number =>
  reminded_at === null ? 0 : reminded_at + pauseMicros - now;

/** Brings a pending request to its payer's mind. */
export function remind(book: Book, sides: Sides, moment: Moment): RequestJson {
  const request = book.update('requests', sides.request, { reminded_at: moment.now });
  const json = requestJson(viewOf(sides, request));
  recordEvent(book, moment, sides.payer.id, 'request.reminded', json);
  return json;
}

export const remindPayer = defineRule<RequestAct>('remind-payer', {
  needsTime: true,

  reads: (book, { requestId }) => dealingReads(book, requestId),

  decide(book, { userId, requestId }, { moment }) {
    const sides = openRequest(book, requestId, userId, 'requester', moment);
    refuseFrozen({ user: sides.requester }, 'remind anybody');
    refuseBlocked(book, userId, sides.payer.id, 'from');
    const waitMicros = microsToReminder(sides.request, moment);
    if (waitMicros > 0) {
      throw new Refusal(
        'RATE_LIMITED',
        'This request was brought to mind within the last hour. Give it some time.',
        {
          retryAfterSeconds: Math.ceil(waitMicros / 1_000_000),
          figures: { remindableAt: timeText(moment.now + waitMicros) },
        },
      );
    }
    return { status: 200, body: remind(book, sides, moment) };
  },
});
