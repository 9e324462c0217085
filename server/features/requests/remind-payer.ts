import { timeText } from '../../clock.js';
import { Refusal } from '../../errors.js';
import { recordEvent } from '../../ledger/record-event.js';
import { defineRule } from '../../ledger/rule.js';
import { refuseFrozen } from '../accounts/refuse-frozen.js';
import { blockReads, refuseBlocked } from '../blocks/block.js';
import type { RequestAct } from './close-request.js';
import { openRequest, requestReads, viewOf } from './find-request.js';
import { requestJson } from './wire.js';

/** More often would be pestering. */
const pauseMicros = 3_600 * 1_000_000;

export const remindPayer = defineRule<RequestAct>('remind-payer', {
  needsTime: true,

  reads(book, { requestId }) {
    const request = book.peek('requests', { id: requestId });
    return [
      ...requestReads(book, requestId),
      ...(request ? blockReads(request.payer_id, request.requester_id) : []),
    ];
  },

  decide(book, { userId, requestId }, { moment }) {
    const sides = openRequest(book, requestId, userId, 'requester', moment);
    refuseFrozen({ user: sides.requester }, 'remind anybody');
    refuseBlocked(book, userId, sides.payer.id, 'from');
    const { reminded_at: remindedAt } = sides.request;
    const waitMicros = remindedAt === null ? 0 : remindedAt + pauseMicros - moment.now;
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
    const request = book.update('requests', sides.request, { reminded_at: moment.now });
    const body = requestJson(viewOf(sides, request));
    recordEvent(book, moment, sides.payer.id, 'request.reminded', body);
    return { status: 200, body };
  },
});
