import type { ErrorCode } from '../../../../server/errors.js';
import type { SendPayment } from '../../../../server/features/payments/send-payment.js';
import { type Expected, largest, type Moved, refused } from './expected.js';
import type { ModelUser, ModelUsers } from './model-users.js';
import { costFor, receivedFor } from './own-rates.js';

/** The amounts on either side of a payment. */
type Quoted = Omit<Moved, 'balanceAfter'>;

/** The amounts on either side; a code where there are none. */
function quote({ amount, maxDebit }: SendPayment, from: string, to: string): Quoted | ErrorCode {
  if (amount.currency !== from && amount.currency !== to) {
    return 'VALIDATION_FAILED';
  }
  const minor = BigInt(amount.minor);
  const sent = amount.currency === from ? minor : costFor(minor, from, to);
  const received = amount.currency === from ? receivedFor(minor, from, to) : minor;
  if (sent > largest || received > largest || received === 0n) {
    return 'INVALID_AMOUNT';
  }
  return maxDebit !== null && sent > BigInt(maxDebit) ? 'RATE_CHANGED' : { sent, received };
}

/** The payments between two users, and the exchange that they pass through. */
export class ModelPayments {
  readonly #users: ModelUsers;
  readonly #exchange = new Map<string, bigint>();
  #transfers = 0;

  constructor(users: ModelUsers) {
    this.#users = users;
  }

  get transfers(): number {
    return this.#transfers;
  }

  pay(input: SendPayment, isDryRun: boolean): Expected {
    const sender = this.#users.byId(input.senderId);
    const receiver = this.#users.byName.get(input.to);
    if (!sender || !receiver) {
      return refused('USER_NOT_FOUND');
    }
    if (sender === receiver) {
      return refused('SELF_PAYMENT');
    }
    if (sender.isFrozen) {
      return refused('ACCOUNT_FROZEN');
    }
    const quoted = quote(input, sender.currency, receiver.currency);
    if (typeof quoted === 'string') {
      return refused(quoted);
    }
    if (quoted.sent > sender.balance) {
      return refused('INSUFFICIENT_FUNDS');
    }
    if (this.#overflows(quoted, sender.currency, receiver)) {
      return refused('INVALID_AMOUNT');
    }
    const moved = { ...quoted, balanceAfter: sender.balance - quoted.sent };
    if (!isDryRun) {
      this.#move(sender, receiver, quoted);
    }
    return { is: 'accepted', status: isDryRun ? 200 : 201, moved };
  }

  /** Whether some balance, the exchange's included, could no longer be kept exactly. */
  #overflows({ sent, received }: Quoted, from: string, receiver: ModelUser): boolean {
    const isConversion = from !== receiver.currency;
    return (
      receiver.balance + received > largest ||
      (isConversion && this.#exchanged(from) + sent > largest) ||
      (isConversion && this.#exchanged(receiver.currency) - received < -largest)
    );
  }

  #move(sender: ModelUser, receiver: ModelUser, { sent, received }: Quoted): void {
    sender.balance -= sent;
    receiver.balance += received;
    if (sender.currency !== receiver.currency) {
      this.#exchange.set(sender.currency, this.#exchanged(sender.currency) + sent);
      this.#exchange.set(receiver.currency, this.#exchanged(receiver.currency) - received);
    }
    this.#transfers += 1;
  }

  #exchanged(currency: string): bigint {
    return this.#exchange.get(currency) ?? 0n;
  }
}
