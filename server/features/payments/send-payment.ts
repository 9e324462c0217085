import { refuseBeyondLimits } from '../limits/refuse-beyond-limits.js';
import { askForCodeAbove, defineAskingRule } from '../second-factor/ask-for-code.js';
import {
  actNumber,
  type LikelyAct,
  likelyDuplicateReads,
  refuseLikelyDuplicate,
} from './likely-duplicate.js';
import { refuseWithoutFunds } from './parties.js';
import { madePayment, replayPayment } from './payment-answer.js';
import type { OutsideQuote } from './quote-payment.js';
import { judgeTransfer, postTransfer, receiverReads, senderReads, type TransferOrder } from './transfer.js';

export interface SendPayment extends TransferOrder {
  /** The earlier payment that looks the same, when this one is meant all the same. */
  readonly confirmDuplicateOf?: string;
}

const likelyAct = ({ senderId, amount, memo }: SendPayment, receiverId: number): LikelyAct => ({
  does: 'pay',
  userId: senderId,
  otherId: receiverId,
  amount,
  memo,
});

export const sendPayment = defineAskingRule<SendPayment, OutsideQuote>('send-payment', {
  needsTime: true,
  replay: replayPayment,

  reads(book, order, caller, now) {
    const receiver = book.peek('users', { username_key: order.to });
    return [
      ...senderReads(book, order.senderId, now),
      ...receiverReads(book, order),
      ...(receiver ? likelyDuplicateReads(likelyAct(order, receiver.id), caller, now) : []),
    ];
  },

  decide(book, input, circumstances) {
    const { moment, facts, isDryRun } = circumstances;
    const transfer = judgeTransfer(book, input, facts);
    const { sender, receiver, quote } = transfer;
    refuseWithoutFunds(sender, quote.sent.minor);
    refuseBeyondLimits(book, sender.user, quote.sent.minor, moment.now);
    const act = likelyAct(input, receiver.user.id);
    refuseLikelyDuplicate(book, act, input.confirmDuplicateOf, circumstances);
    askForCodeAbove(book, circumstances, quote.sent);
    const { id, json } = postTransfer(book, transfer, moment, actNumber(act));
    return isDryRun ? { status: 200, body: { ...json, id: null } } : madePayment(json, id);
  },
});
