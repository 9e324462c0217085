import assert from 'node:assert/strict';
import { receiptNumber } from '../../db/event-numbers.js';
import type { EntryKind, EntryRow, PaymentKind, PaymentRow } from '../../db/tables/payments.js';
import { Refusal } from '../errors.js';
import { foldText } from '../money/fold-text.js';
import { isSafeMinor, type Money } from '../money/money.js';
import type { Book } from './book/book.js';
import { type Lookup, lookup } from './book/lookup.js';
import { type PaymentRates, paymentHash } from './chain.js';
import type { Moment } from './rule.js';
import { exchangeAccountId } from './system-accounts.js';

export interface PaymentDraft {
  readonly kind: PaymentKind;
  readonly fromUserId: number | null;
  readonly toUserId: number | null;
  /** The account that is debited `sent`, and the one that is credited `received`. */
  readonly fromAccountId: number;
  readonly toAccountId: number;
  readonly sent: Money;
  readonly received: Money;
  readonly rate: string;
  /** The rates that the payment is made at; null within one currency. */
  readonly rates: PaymentRates | null;
  readonly memo: string | null;
  readonly requestId: number | null;
  readonly refundOf: number | null;
  /** The payment that is corrected, where this is an adjustment. */
  readonly corrects?: number | undefined;
  /** The number that the payment and others that are alike have in common, where a person is asked about the like of it. */
  readonly act?: number | undefined;
}

export interface PostedPayment {
  readonly payment: PaymentRow;
  /** The entry of the account that was debited. */
  readonly debit: EntryRow;
  /** Whether the receiver is told of it by the entry of their account; otherwise an event has to do it. */
  readonly hasReceipt: boolean;
}

interface Leg {
  readonly accountId: number;
  readonly currency: string;
  readonly amount: number;
}

/** The memo as it is searched, where that is another text than the memo itself. */
function foldedMemo(memo: string | null): string | null {
  const folded = memo === null ? null : foldText(memo);
  return folded === memo ? null : folded;
}

/** The lookups of a payment between accounts of these two currencies, besides the two accounts. */
export function exchangeReads(from: string, to: string): readonly Lookup[] {
  return from === to
    ? []
    : [from, to].map((currency) => lookup('accounts', { id: exchangeAccountId(currency) }));
}

/** The movements of a payment, which sum to zero in every currency. */
function legsOf({ fromAccountId, toAccountId, sent, received }: PaymentDraft): readonly Leg[] {
  const debit = { accountId: fromAccountId, currency: sent.currency, amount: -sent.minor };
  const credit = { accountId: toAccountId, currency: received.currency, amount: received.minor };
  if (sent.currency === received.currency) {
    return [debit, credit];
  }
  const taken = { accountId: exchangeAccountId(sent.currency), currency: sent.currency, amount: sent.minor };
  const given = {
    accountId: exchangeAccountId(received.currency),
    currency: received.currency,
    amount: -received.minor,
  };
  return [debit, taken, given, credit];
}

/** A payment of less than nothing would take from whom it is for, without their being asked. */
function assertMoves({ minor, currency }: Money): void {
  if (!isSafeMinor(minor) || minor <= 0) {
    throw new Error(`A payment moves ${minor} minor units of ${currency}; a rule must refuse that before.`);
  }
}

function assertBalanced(legs: readonly Leg[]): void {
  for (const { currency } of legs) {
    let sum = 0;
    for (const leg of legs) {
      sum += leg.currency === currency ? leg.amount : 0;
    }
    if (sum !== 0) {
      throw new Error(`The entries of a payment sum to ${sum} minor units of ${currency}.`);
    }
  }
}

function moveMoney(book: Book, leg: Leg): number {
  const account = book.get('accounts', { id: leg.accountId });
  const balance = account.balance + leg.amount;
  if (account.currency !== leg.currency) {
    throw new Error(`Account ${account.id} is kept in ${account.currency}, not in ${leg.currency}.`);
  }
  if (account.kind === 'customer' && balance < 0) {
    throw new Error(`Account ${account.id} would fall to ${balance}; a rule must refuse that before.`);
  }
  if (!Number.isSafeInteger(balance)) {
    throw new Refusal(
      'INVALID_AMOUNT',
      'The amount is too large: a balance would pass the largest that can be kept exactly.',
    );
  }
  book.update('accounts', account, { balance });
  return balance;
}

/**
 * The one place where money moves: books a payment with its entries at the end of the chain. The accounts must be
 * loaded by id. Throws INVALID_AMOUNT when a balance would leave the safe integers; that the sender has the money is
 * for the rule to judge.
 */
export function postPayment(book: Book, draft: PaymentDraft, moment: Moment): PostedPayment {
  assertMoves(draft.sent);
  assertMoves(draft.received);
  const legs = legsOf(draft);
  assertBalanced(legs);
  const head = book.head('payments');
  const newestEvent = book.newestId('events');
  const id = book.newId('payments');
  // Events are told in the order of their numbers: one of a receipt must be newer than all that were given.
  const hasReceipt = draft.kind === 'transfer' && receiptNumber(id) > newestEvent;
  const kindOf = (index: number): EntryKind =>
    hasReceipt && index === legs.length - 1 ? 'receipt' : draft.kind;
  const entries = legs.map((leg, index) => ({
    account_id: leg.accountId,
    kind: kindOf(index),
    payment_id: id,
    line: index + 1,
    amount: leg.amount,
    balance_after: moveMoney(book, leg),
  }));
  const payment: PaymentRow & { hash: string } = {
    id,
    chain: head.chain,
    position: head.position + 1,
    kind: draft.kind,
    from_user_id: draft.fromUserId,
    to_user_id: draft.toUserId,
    sent_amount: draft.sent.minor,
    sent_currency: draft.sent.currency,
    received_amount: draft.received.minor,
    received_currency: draft.received.currency,
    rate: draft.rate,
    rates_id: draft.rates?.id ?? null,
    memo: draft.memo,
    memo_folded: foldedMemo(draft.memo),
    request_id: draft.requestId,
    refund_of: draft.refundOf,
    corrects: draft.corrects ?? null,
    act: draft.act ?? null,
    created_at: moment.now,
    hash: '',
  };
  payment.hash = paymentHash(payment, entries, draft.rates, head.hash);
  book.insert('payments', payment);
  for (const entry of entries) {
    book.insert('entries', entry);
  }
  book.update('chain_heads', head, { position: payment.position, hash: payment.hash, at: moment.now });
  const [debit, credit] = [entries[0], entries.at(-1)];
  assert(debit && credit && debit !== credit, 'A posted payment has its debit and its credit.');
  return { payment, debit, hasReceipt };
}
