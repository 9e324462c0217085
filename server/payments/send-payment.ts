import type { AccountRow, UserRow } from '../../db/rows.js';
import { type Quote, quoteAtOwnRates } from '../conversion/converter.js';
import { Refusal } from '../errors.js';
import { type Book, lookup } from '../ledger/book.js';
import { exchangeReads, postPayment } from '../ledger/post-payment.js';
import { defineRule } from '../ledger/rule.js';
import { moneyJson } from '../money/format.js';
import type { Money } from '../money/money.js';
import { paymentJson } from './wire.js';

export interface SendPayment {
  readonly senderId: string;
  /** The receiver's username in lower case. */
  readonly to: string;
  readonly amount: Money;
  readonly memo: string | null;
  /** Minor units of the sender's currency. */
  readonly maxDebit: number | null;
}

/**
 * What another conversion service said, asked before: its quote, or why there is none. Null where the server's own
 * rates count. A failure is judged with all the rest, so that a replay gets its first answer while that service is down.
 */
export type SendPaymentAside =
  | { readonly quote: Quote | undefined }
  | { readonly unavailable: string }
  | null;

interface Party {
  readonly user: UserRow;
  readonly account: AccountRow;
}

const hasFunds = (account: AccountRow, minor: number) => account.balance >= minor;

export const invalidAmount = (field: string, message: string) =>
  new Refusal('INVALID_AMOUNT', `The ${field} ${message}.`, { errors: [{ field, message }] });

/** Which side of the payment the amount fixes; undefined for a currency that neither party has. */
export function sideOf(amount: Money, from: string, to: string): 'sent' | 'received' | undefined {
  if (amount.currency === from) {
    return 'sent';
  }
  return amount.currency === to ? 'received' : undefined;
}

/** The side that the amount fixes. Throws VALIDATION_FAILED where it fixes none. */
function fixedSide(amount: Money, from: string, to: string): 'sent' | 'received' {
  const side = sideOf(amount, from, to);
  if (side !== undefined) {
    return side;
  }
  const message = `must be the sender's (${from}) or the receiver's (${to})`;
  throw new Refusal('VALIDATION_FAILED', `The currency ${message}.`, {
    errors: [{ field: 'currency', message }],
  });
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
  const party = (user: UserRow) => ({ user, account: book.get('accounts', { user_id: user.id }) });
  return { sender: party(book.get('users', { id: senderId })), receiver: party(receiver) };
}

function quoteFor({ amount }: SendPayment, from: string, to: string, aside: SendPaymentAside): Quote {
  const fixed = fixedSide(amount, from, to);
  if (aside && 'unavailable' in aside && from !== to) {
    throw new Refusal('CONVERSION_UNAVAILABLE', aside.unavailable, { retryAfterSeconds: 2 });
  }
  const quote =
    aside && 'quote' in aside ? aside.quote : quoteAtOwnRates({ from, to, fixed, minor: amount.minor });
  if (!quote) {
    throw invalidAmount('amount', 'is too large to be converted');
  }
  if (quote.received.minor === 0) {
    // Another service refuses what is too small and what is too large alike.
    const fault = aside
      ? 'is too small or too large to be converted'
      : `is worth less than the smallest unit of ${to}; send more`;
    throw invalidAmount('amount', fault);
  }
  return quote;
}

function judgeCost(quote: Quote, maxDebit: number | null, sender: Party): void {
  const { sent, received, rate } = quote;
  if (maxDebit !== null && sent.minor > maxDebit) {
    const figures = { sent: moneyJson(sent), received: moneyJson(received), rate };
    throw new Refusal(
      'RATE_CHANGED',
      `It would cost ${figures.sent.amount} ${sent.currency}, more than your maxDebit. Look at the fresh amounts and decide again, with a new key.`,
      { figures },
    );
  }
  if (!hasFunds(sender.account, sent.minor)) {
    const available = moneyJson({ minor: sender.account.balance, currency: sent.currency });
    const required = moneyJson(sent);
    throw new Refusal(
      'INSUFFICIENT_FUNDS',
      `You have ${available.amount} ${available.currency}; this needs ${required.amount} ${required.currency}.`,
      { figures: { available, required } },
    );
  }
}

export const sendPayment = defineRule<SendPayment, SendPaymentAside>({
  needsTime: true,

  reads(book, { senderId, to }) {
    const receiver = book.peek('users', { username_key: to });
    const sender = book.peek('users', { id: senderId });
    return [
      lookup('users', { id: senderId }),
      lookup('users', { username_key: to }),
      lookup('accounts', { user_id: senderId }),
      ...(receiver ? [lookup('accounts', { user_id: receiver.id })] : []),
      ...(receiver && sender ? exchangeReads(sender.currency, receiver.currency) : []),
    ];
  },

  decide(book, input, { moment, aside, isDryRun }) {
    const { sender, receiver } = findParties(book, input);
    if (sender.user.status === 'frozen') {
      throw new Refusal(
        'ACCOUNT_FROZEN',
        'Your account is frozen: it can receive, not pay. Ask an administrator.',
      );
    }
    const quote = quoteFor(input, sender.account.currency, receiver.account.currency, aside);
    judgeCost(quote, input.maxDebit, sender);
    const { payment, entries } = postPayment(
      book,
      {
        kind: 'transfer',
        fromUserId: sender.user.id,
        toUserId: receiver.user.id,
        fromAccountId: sender.account.id,
        toAccountId: receiver.account.id,
        ...quote,
        memo: input.memo,
        requestId: null,
        refundOf: null,
      },
      moment,
    );
    const [debit] = entries;
    const body = paymentJson({
      payment,
      from: sender.user.username,
      to: receiver.user.username,
      amount: -quote.sent.minor,
      balanceAfter: debit?.balance_after ?? 0,
    });
    return isDryRun
      ? { status: 200, body: { ...body, id: null } }
      : { status: 201, body, location: `/v1/payments/${payment.id}` };
  },
});
