import type { Database } from '../../../db/connect.js';
import { ledgerAnswer } from '../../http/answer/ledger-answer.js';
import { defineRoute } from '../../http/contract/route.js';
import type { Gate } from '../../http/serve/bounded-gate.js';
import { decide } from '../../ledger/decide.js';
import type { LedgerDoor } from '../../ledger/door.js';
import { networkOf } from '../../network.js';
import type { Converter } from '../conversion/converter.js';
import { quotesBefore } from './payout-quotes.js';
import { readItems } from './read-items.js';
import type { ReadPayout } from './read-thread.js';
import { type SendPayout, sendPayout } from './send-payout.js';
import { payoutAnswerSchema, payoutBodyBytes, payoutBodyValues, payoutSchema } from './wire.js';

export interface PayoutParts {
  readonly readers: Database;
  readonly ledger: LedgerDoor;
  /** Another conversion service to ask; undefined where the server's own rates count. */
  readonly converter: Converter | undefined;
  /** Lets few payouts at a time to the ledger, so that whoever pays a single person waits for few at most. */
  readonly gate: Gate;
  /** Reads long bodies off the event loop. */
  readonly readLong: ReadPayout;
}

export function payoutRoutes(parts: PayoutParts) {
  return [sendRoute(parts)];
}

function sendRoute({ readers, ledger, converter, gate, readLong }: PayoutParts) {
  return defineRoute({
    method: 'POST',
    path: '/v1/payouts',
    operationId: 'sendPayout',
    tag: 'Payments',
    summary: 'Pay many at once',
    description:
      'Up to 1,000 payments under one key, each judged like a payment alone. `all` happens whole or not at all: a refusal has the code of the first item that is refused, names all of them, and the funds are judged over the sum. `each` answers item by item; an item that is refused keeps no other from being paid, and one in which nobody could be paid is a refusal like those of `all`, with the `totals`. A refusal names the first fifty items in `items`, that of a dry run all. ' +
      'What is wrong with the text of an item (its shape, its amount) refuses the whole of either. A list is meant, so POSSIBLE_DUPLICATE is never asked here. `Location` lists the payments. With `dryRun` nothing is written, and the ids are null.',
    access: { who: 'user', scope: 'pay' },
    body: payoutSchema,
    bodyLimitBytes: payoutBodyBytes,
    bodyLimitValues: payoutBodyValues,
    readLongBody: readLong,
    underKey: true,
    itemsOf: (body) => body.items.length,
    answers: {
      200: { description: 'What would happen: the answer to a dry run.', schema: payoutAnswerSchema },
      201: { description: 'What became of each item, durable.', schema: payoutAnswerSchema },
    },
    refusals: [
      'INVALID_AMOUNT',
      'UNKNOWN_CURRENCY',
      'USER_NOT_FOUND',
      'SELF_PAYMENT',
      'SECOND_FACTOR_REQUIRED',
      'ACCOUNT_FROZEN',
      'INSUFFICIENT_FUNDS',
      'RECIPIENT_UNAVAILABLE',
      'LIMIT_EXCEEDED',
      'NOT_CONVERTIBLE',
      'CONVERSION_UNAVAILABLE',
    ],
    async handle(call) {
      const { viewer, body } = call;
      const items = readItems(body.items, viewer.currency);
      const input: SendPayout = { senderId: viewer.userId, mode: body.mode, items };
      const facts = await quotesBefore({ converter, readers }, items, viewer.currency);
      const pay = () => decide(ledger, call, sendPayout, input, facts);
      const outcome = await gate(viewer.userId, pay, networkOf(call.address));
      return ledgerAnswer(outcome);
    },
  });
}
