import { mostPayments } from '../../../db/event-numbers.js';
import type { AccountRow } from '../../../db/tables/users.js';
import { Refusal } from '../../errors.js';
import { publicId, rowNumber } from '../../ids.js';
import type { Book } from '../../ledger/book/book.js';
import { lookup } from '../../ledger/book/lookup.js';
import { type PaymentDraft, postPayment } from '../../ledger/post-payment.js';
import { recordAct } from '../../ledger/record-act.js';
import { recordPaymentEvent } from '../../ledger/record-event.js';
import { issuanceAccountId } from '../../ledger/system-accounts.js';
import { currencyOf } from '../../money/currency.js';
import { moneyJson } from '../../money/format.js';
import { parseAmount } from '../../money/parse.js';
import { actingAdmin, actingAdminReads } from '../accounts/acting-admin.js';
import { type Party, partyOf } from '../payments/parties.js';
import { mostCorrections } from '../payments/wire.js';
import { defineAskingRule } from '../second-factor/ask-for-code.js';
import { adminPaymentJson } from './wire.js';

export interface AdjustBalance {
  /** The username in lower case. */
  readonly username: string;
  /** The amount, in the user's currency. */
  readonly amount: string;
  readonly direction: 'credit' | 'debit';
  readonly reason: string;
  /** The id of the payment that is corrected. */
  readonly corrects?: string;
}

function findParty(book: Book, username: string, actorId: number): Party {
  const user = book.find('users', { username_key: username });
  if (!user) {
    throw new Refusal('USER_NOT_FOUND', `There is no user ${username}. Check the spelling.`, {
      errors: [{ field: 'username', message: 'is nobody here' }],
    });
  }
  if (user.id === actorId) {
    throw new Refusal('FORBIDDEN', 'Nobody adjusts their own balance. Ask another administrator.');
  }
  return partyOf(book, user);
}

const invalidAmount = (message: string) =>
  new Refusal('INVALID_AMOUNT', message, { errors: [{ field: 'amount', message }] });

function minorOf(amount: string, currency: string): number {
  const parsed = parseAmount(amount, currencyOf(currency));
  if ('fault' in parsed) {
    throw invalidAmount(parsed.message);
  }
  return parsed.minor;
}

function refuseBeyondBalance({ user, account }: Party, minor: number): void {
  if (account.balance < minor) {
    const { currency } = account;
    const available = moneyJson({ minor: account.balance, currency });
    const required = moneyJson({ minor, currency });
    throw new Refusal(
      'INSUFFICIENT_FUNDS',
      `${user.username} has ${available.amount} ${currency}; this would take ${required.amount} ${currency}.`,
      { figures: { available, required } },
    );
  }
}

/**
 * Refuses a debit beyond what was issued: it goes back to where it was issued, and what came by conversion was issued in
 * another currency.
 */
function refuseBeyondIssued({ balance, currency }: AccountRow, minor: number): void {
  if (-balance < minor) {
    const issued = moneyJson({ minor: -balance, currency });
    throw invalidAmount(
      `Only ${issued.amount} ${currency} are in circulation that were issued in ${currency}, and no more can be taken out of it. Debit less.`,
    );
  }
}

/** The lookup of the corrections of a payment; no more than may be. */
const correctionsOf = (paymentId: number) => lookup('payments', { corrects: paymentId }, mostCorrections);

/** What is no id stands for a number that no payment has; zero would be none that PostgreSQL compares with. */
const correctedId = ({ corrects }: AdjustBalance) =>
  corrects === undefined ? undefined : (rowNumber('pay', corrects) ?? mostPayments + 1);

/** The number of the payment that is corrected. Throws VALIDATION_FAILED where it is none of the user's. */
function corrected(book: Book, { user }: Party, input: AdjustBalance): number | undefined {
  const id = correctedId(input);
  if (id === undefined) {
    return undefined;
  }
  const payment = book.find('payments', { id });
  const refuse = (message: string) =>
    new Refusal('VALIDATION_FAILED', `corrects: ${message}.`, { errors: [{ field: 'corrects', message }] });
  if (payment?.from_user_id !== user.id && payment?.to_user_id !== user.id) {
    throw refuse(`is no payment of ${user.username}`);
  }
  if (book.all('payments', correctionsOf(id)).length >= mostCorrections) {
    throw refuse(`has been corrected ${mostCorrections} times, and is not corrected more often`);
  }
  return id;
}

function draftOf(
  { user, account }: Party,
  { direction, reason }: AdjustBalance,
  minor: number,
  corrects: number | undefined,
): PaymentDraft {
  const money = { minor, currency: account.currency };
  const issuanceId = issuanceAccountId(account.currency);
  const ends =
    direction === 'credit'
      ? { fromUserId: null, fromAccountId: issuanceId, toUserId: user.id, toAccountId: account.id }
      : { fromUserId: user.id, fromAccountId: account.id, toUserId: null, toAccountId: issuanceId };
  return {
    kind: 'adjustment',
    ...ends,
    sent: money,
    received: money,
    rate: '1',
    rates: null,
    memo: reason,
    requestId: null,
    refundOf: null,
    corrects,
  };
}

/**
 * An administrator corrects a balance against the issuance account of its currency, that of a frozen account too. It
 * takes four eyes: nobody adjusts their own.
 */
export const adjustBalance = defineAskingRule<AdjustBalance>('adjust-balance', {
  needsTime: true,

  reads(book, input, caller) {
    const { username } = input;
    const id = correctedId(input);
    const user = book.peek('users', { username_key: username });
    return [
      ...actingAdminReads(caller),
      lookup('users', { username_key: username }),
      ...(id === undefined ? [] : [lookup('payments', { id }), correctionsOf(id)]),
      ...(user
        ? [
            lookup('accounts', { user_id: user.id }),
            lookup('accounts', { id: issuanceAccountId(user.currency) }),
          ]
        : []),
    ];
  },

  decide(book, input, circumstances) {
    const { moment, isDryRun } = circumstances;
    const actor = actingAdmin(book, circumstances);
    const party = findParty(book, input.username, actor.id);
    const { user, account } = party;
    const isCredit = input.direction === 'credit';
    const minor = minorOf(input.amount, account.currency);
    if (!isCredit) {
      refuseBeyondBalance(party, minor);
      refuseBeyondIssued(book.get('accounts', { id: issuanceAccountId(account.currency) }), minor);
    }
    const { payment } = postPayment(
      book,
      draftOf(party, input, minor, corrected(book, party, input)),
      moment,
    );
    const balanceAfter = book.get('accounts', { id: account.id }).balance;
    const names = isCredit ? { from: null, to: user.username } : { from: user.username, to: null };
    const seen = { payment, ...names, refunded: 0, correctedBy: [], rates: null };
    recordPaymentEvent(book, moment, user.id, isCredit ? 'payment.received' : 'payment.debited', payment.id);
    const balanceOf = (balance: number) => moneyJson({ minor: balance, currency: account.currency });
    recordAct(book, circumstances, {
      action: 'payment.adjusted',
      subject: user.username,
      reason: input.reason,
      before: { balance: balanceOf(account.balance) },
      after: {
        balance: balanceOf(balanceAfter),
        paymentId: publicId('pay', payment.id),
        ...(input.corrects !== undefined && { corrects: input.corrects }),
      },
    });
    const body = adminPaymentJson(seen);
    return isDryRun
      ? { status: 200, body: { ...body, id: null } }
      : { status: 201, body, location: `/v1/admin/payments/${body.id}` };
  },
});
