import { defineRule } from '../../ledger/rule.js';
import { refuseBeyondLimits } from '../limits/refuse-beyond-limits.js';
import { duplicateReads, refuseLikelyDuplicate } from './likely-duplicate.js';
import { refuseWithoutFunds } from './parties.js';
import { madePayment, replayPayment } from './payment-answer.js';
import type { QuoteAside } from './quote-payment.js';
import { judgeTransfer, postTransfer, receiverReads, senderReads, type TransferOrder } from './transfer.js';

export interface SendPayment extends TransferOrder {
  /** The earlier payment that looks the same, when this one is meant all the same. */
  readonly confirmDuplicateOf?: string;
}

export const sendPayment = defineRule<SendPayment, QuoteAside>('send-payment', {
  needsTime: true,
  replay: replayPayment,

  reads(book, order, caller, now) {
    const receiver = book.peek('users', { username_key: order.to });
    return [
      ...senderReads(book, order.senderId, now),
      ...receiverReads(book, order),
      ...(receiver && caller.isPerson ? [duplicateReads(order.senderId, receiver.id, now)] : []),
    ];
  },

  decide(book, input, { caller, moment, aside, isDryRun }) {
    const transfer = judgeTransfer(book, input, aside);
    const { sender, receiver, quote } = transfer;
    refuseWithoutFunds(sender, quote.sent.minor);
    refuseBeyondLimits(book, sender.user, quote.sent.minor, moment.now);
    if (caller.isPerson) {
      const ends = { fromUserId: sender.user.id, toUserId: receiver.user.id };
      refuseLikelyDuplicate(book, { ...ends, ...quote }, input.confirmDuplicateOf, moment.now);
    }
    const { id, json } = postTransfer(book, transfer, moment);
    return isDryRun ? { status: 200, body: { ...json, id: null } } : madePayment(json, id);
  },
});
