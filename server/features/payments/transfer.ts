import { Refusal } from '../../errors.js';
import type { Book, KnownBook } from '../../ledger/book/book.js';
import { type Lookup, lookup } from '../../ledger/book/lookup.js';
import { exchangeReads, postPayment } from '../../ledger/post-payment.js';
import { recordPaymentEvent } from '../../ledger/record-event.js';
import type { Moment } from '../../ledger/rule.js';
import type { Money } from '../../money/money.js';
import { refuseFrozen } from '../accounts/refuse-frozen.js';
import { blockReads, refuseBlocked } from '../blocks/block.js';
import { ratesInForce, ratesReads } from '../conversion/rates-in-book.js';
import { limitReads } from '../limits/refuse-beyond-limits.js';
import { type Party, partyOf, refuseBeyondMaxDebit } from './parties.js';
import { type OutsideQuote, type PaymentQuote, quotePayment } from './quote-payment.js';
import { type PaymentJson, paymentJson } from './wire.js';

/** The order of somebody who wants to send of their own accord. */
export interface TransferOrder {
  readonly senderId: number;
  /** The receiver's username in lower case. */
  readonly to: string;
  readonly amount: Money;
  readonly memo: string | null;
  /** The most that the sender is willing to be debited, in minor units of the sender's currency. */
  readonly maxDebit: number | null;
}

/** An order that nothing stands against but, it may be, a lack of funds or a limit. */
export interface Transfer {
  readonly sender: Party;
  readonly receiver: Party;
  readonly quote: PaymentQuote;
  readonly memo: string | null;
}

/** The lookups of the sender, whoever is paid. */
export const senderReads = (book: KnownBook, senderId: number, now: number): readonly Lookup[] => [
  lookup('users', { id: senderId }),
  lookup('accounts', { user_id: senderId }),
  ...ratesReads(book),
  ...limitReads(book, senderId, now),
];

/** The lookups of whom the sender pays; more once the receiver is known. */
export function receiverReads(
  book: KnownBook,
  { senderId, to }: Pick<TransferOrder, 'senderId' | 'to'>,
): readonly Lookup[] {
  const receiver = book.peek('users', { username_key: to });
  const sender = book.peek('users', { id: senderId });
  return [
    lookup('users', { username_key: to }),
    ...(receiver ? [lookup('accounts', { user_id: receiver.id }), ...blockReads(receiver.id, senderId)] : []),
    ...(receiver && sender ? exchangeReads(sender.currency, receiver.currency) : []),
  ];
}

function findParties(book: Book, { senderId, to }: TransferOrder): { sender: Party; receiver: Party } {
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

/** Judges everything but the funds and the limits. Throws the Refusal of what stands against it. */
export function judgeTransfer(book: Book, order: TransferOrder, facts: OutsideQuote): Transfer {
  const { sender, receiver } = findParties(book, order);
  refuseFrozen(sender, 'pay');
  refuseBlocked(book, sender.user.id, receiver.user.id, 'to');
  const [from, to] = [sender.account.currency, receiver.account.currency];
  const quote = quotePayment(order.amount, from, to, facts, ratesInForce(book));
  refuseBeyondMaxDebit(quote, order.maxDebit);
  return { sender, receiver, quote, memo: order.memo };
}

/** A payment that was made, as the sender sees it. */
export interface Posted {
  readonly id: number;
  readonly json: PaymentJson;
}

/** Moves the money and tells the receiver; `act` is the number of acts that are alike, where a person is asked about those. */
export function postTransfer(book: Book, transfer: Transfer, moment: Moment, act?: number): Posted {
  const { sender, receiver, quote, memo } = transfer;
  const { payment, debit, hasReceipt } = postPayment(
    book,
    {
      kind: 'transfer',
      fromUserId: sender.user.id,
      toUserId: receiver.user.id,
      fromAccountId: sender.account.id,
      toAccountId: receiver.account.id,
      sent: quote.sent,
      received: quote.received,
      rate: quote.rate,
      rates: quote.rates,
      memo,
      requestId: null,
      refundOf: null,
      act,
    },
    moment,
  );
  if (!hasReceipt) {
    recordPaymentEvent(book, moment, receiver.user.id, 'payment.received', payment.id);
  }
  const json = paymentJson({
    payment,
    from: sender.user.username,
    to: receiver.user.username,
    refunded: 0,
    correctedBy: [],
    rates: quote.rates,
    amount: -quote.sent.minor,
    balanceAfter: debit.balance_after,
  });
  return { id: payment.id, json };
}
