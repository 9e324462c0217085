import { blockReads, refuseBlocked } from '../blocks/block.js';
import { Refusal } from '../errors.js';
import { recordEvent } from '../events/record-event.js';
import { type Book, lookup } from '../ledger/book.js';
import { exchangeReads, postPayment } from '../ledger/post-payment.js';
import { defineRule } from '../ledger/rule.js';
import { limitReads, refuseBeyondLimits } from '../limits/refuse-beyond-limits.js';
import type { Money } from '../money/money.js';
import { duplicateReads, refuseLikelyDuplicate } from './likely-duplicate.js';
import { type Party, partyOf, refuseBeyondMaxDebit, refuseFrozen, refuseWithoutFunds } from './parties.js';
import { type QuoteAside, quotePayment } from './quote-payment.js';
import { paymentJson } from './wire.js';

export interface SendPayment {
  readonly senderId: string;
  /** The receiver's username in lower case. */
  readonly to: string;
  readonly amount: Money;
  readonly memo: string | null;
  /** Minor units of the sender's currency. */
  readonly maxDebit: number | null;
  /** The earlier payment that looks the same, when this one is meant all the same. */
  readonly confirmDuplicateOf?: string;
}

function findParties(book: Book, { senderId, to }: SendPayment): { sender: Party; receiver: Party } {
  const receiver = book.find('users', { username_key: to });
  if (!receiver) {
    throw new Refusal('USER_NOT_FOUND', `There is no user ${to}. Check the spelling.`, {
      errors: [{ field: 'to', message: 'is nobody here' }],
    });
  }
  if (receiver.id === senderId) {
    throw new Refusal('SELF_PAYMENT', 'You cannot pay yourself. Name somebody else.', {
      errors: [{ field: 'to', message: 'is yourself' }],
    });
  }
  return { sender: partyOf(book, book.get('users', { id: senderId })), receiver: partyOf(book, receiver) };
}

export const sendPayment = defineRule<SendPayment, QuoteAside>({
  needsTime: true,

  reads(book, { senderId, to }, caller, now) {
    const receiver = book.peek('users', { username_key: to });
    const sender = book.peek('users', { id: senderId });
    return [
      lookup('users', { id: senderId }),
      lookup('users', { username_key: to }),
      lookup('accounts', { user_id: senderId }),
      ...limitReads(book, senderId, now),
      ...(receiver
        ? [lookup('accounts', { user_id: receiver.id }), ...blockReads(receiver.id, senderId)]
        : []),
      ...(receiver && caller.isPerson ? duplicateReads(senderId, receiver.id, now) : []),
      ...(receiver && sender ? exchangeReads(sender.currency, receiver.currency) : []),
    ];
  },

  decide(book, input, { caller, moment, aside, isDryRun }) {
    const { sender, receiver } = findParties(book, input);
    refuseFrozen(sender, 'pay');
    refuseBlocked(book, receiver.user.id, sender.user.id, 'to');
    const quote = quotePayment(input.amount, sender.account.currency, receiver.account.currency, aside);
    refuseBeyondMaxDebit(quote, input.maxDebit);
    refuseWithoutFunds(sender, quote.sent.minor);
    refuseBeyondLimits(book, sender.user, quote.sent.minor, moment.now);
    const ends = { fromUserId: sender.user.id, toUserId: receiver.user.id };
    if (caller.isPerson) {
      refuseLikelyDuplicate(book, { ...ends, ...quote }, input.confirmDuplicateOf, moment.now);
    }
    const { payment, entries } = postPayment(
      book,
      {
        kind: 'transfer',
        ...ends,
        fromAccountId: sender.account.id,
        toAccountId: receiver.account.id,
        ...quote,
        memo: input.memo,
        requestId: null,
        refundOf: null,
      },
      moment,
    );
    const parties = { payment, from: sender.user.username, to: receiver.user.username, refunded: 0 };
    const [debit, credit] = [entries[0], entries.at(-1)];
    const received = { amount: quote.received.minor, balanceAfter: credit?.balance_after ?? 0 };
    recordEvent(book, moment, receiver.user.id, 'payment.received', paymentJson({ ...parties, ...received }));
    const sent = { amount: -quote.sent.minor, balanceAfter: debit?.balance_after ?? 0 };
    const body = paymentJson({ ...parties, ...sent });
    return isDryRun
      ? { status: 200, body: { ...body, id: null } }
      : { status: 201, body, location: `/v1/payments/${payment.id}` };
  },
});
