import type { AccountRow, UserRow } from '../../../db/tables/users.js';
import { Refusal } from '../../errors.js';
import type { Book } from '../../ledger/book/book.js';
import { moneyJson } from '../../money/format.js';
import type { Quote } from '../conversion/converter.js';

/** One side of a payment. */
export interface Party {
  readonly user: UserRow;
  readonly account: AccountRow;
}

export function partyOf(book: Book, user: UserRow): Party {
  return { user, account: book.get('accounts', { user_id: user.id }) };
}

const hasFunds = (account: AccountRow, minor: number) => account.balance >= minor;

/** Throws INSUFFICIENT_FUNDS with what there is and what it needs. */
export function refuseWithoutFunds({ account }: Party, minor: number): void {
  if (!hasFunds(account, minor)) {
    const available = moneyJson({ minor: account.balance, currency: account.currency });
    const required = moneyJson({ minor, currency: account.currency });
    throw new Refusal(
      'INSUFFICIENT_FUNDS',
      `You have ${available.amount} ${available.currency}; this needs ${required.amount} ${required.currency}.`,
      { figures: { available, required }, see: 'showMe' },
    );
  }
}

/** Throws RATE_CHANGED with the fresh amounts when it costs more than the payer is willing to lose, in minor units. */
export function refuseBeyondMaxDebit({ sent, received, rate }: Quote, maxDebit: number | null): void {
  if (maxDebit !== null && sent.minor > maxDebit) {
    const figures = { sent: moneyJson(sent), received: moneyJson(received), rate };
    throw new Refusal(
      'RATE_CHANGED',
      `It would cost ${figures.sent.amount} ${sent.currency}, more than your maxDebit. Look at the fresh amounts and decide again, with a new key.`,
      { figures },
    );
  }
}
