import assert from 'node:assert/strict';
import type { ErrorCode } from '../../../server/errors.js';
import type { ProfileChange } from '../../../server/features/accounts/change-profile.js';
import type { Registration } from '../../../server/features/accounts/register-user.js';
import type { SendPayment } from '../../../server/features/payments/send-payment.js';
import type { Decision } from '../../../server/ledger/rule.js';
import { type Credentials, makeCredentials } from './model-credentials.js';
import { costFor, receivedFor } from './own-rates.js';

/** What the contract says of a decision, by a second, simpler way of thinking: no book, no batch, no rows. */
export type Expected =
  | { readonly is: 'accepted'; readonly status: number; readonly moved?: Moved }
  | { readonly is: 'refused'; readonly code: ErrorCode }
  /** The answer that the decision with this requestId had. */
  | { readonly is: 'replay'; readonly of: string };

export interface Moved {
  readonly sent: bigint;
  readonly received: bigint;
  readonly balanceAfter: bigint;
}

export interface ModelUser {
  readonly username: string;
  readonly currency: string;
  email: string;
  balance: bigint;
  isFrozen: boolean;
  passwordHash: string;
  /** Known once the registration was answered. */
  id: number | undefined;
}

export interface Model {
  readonly users: ReadonlyMap<string, ModelUser>;
  readonly credentials: Credentials;
  /** How many payments moved money between two users, and how many opening credits were given. */
  readonly transfers: number;
  readonly openingCredits: number;
  /** How many keys stand for something. */
  readonly keys: number;
  userById(id: number): ModelUser | undefined;
  /** What is to be answered, with the effect taken in. */
  expect(decision: Decision): Expected;
}

const largest = BigInt(Number.MAX_SAFE_INTEGER);

/** Refusals that stay under their key, as far as a payment can have them. */
const remembered: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'USER_NOT_FOUND',
  'SELF_PAYMENT',
  'ACCOUNT_FROZEN',
  'INSUFFICIENT_FUNDS',
  'RATE_CHANGED',
]);

const refused = (code: ErrorCode): Expected => ({ is: 'refused', code });

export function makeModel(): Model {
  const users = new Map<string, ModelUser>();
  const issued = new Map<string, bigint>();
  const exchange = new Map<string, bigint>();
  const keys = new Map<string, { readonly asked: string; readonly requestId: string }>();
  const credentials = makeCredentials(userById);
  let transfers = 0;
  let openingCredits = 0;

  function userById(id: number): ModelUser | undefined {
    return [...users.values()].find((user) => user.id === id);
  }

  function register({ username, email, currency, openingCredit, passwordHash }: Registration): Expected {
    const key = username.toLowerCase();
    if (users.has(key)) {
      return refused('USERNAME_TAKEN');
    }
    const balance = BigInt(openingCredit);
    const issuedNow = (issued.get(currency) ?? 0n) + balance;
    if (issuedNow > largest) {
      return refused('INVALID_AMOUNT');
    }
    issued.set(currency, issuedNow);
    openingCredits += balance > 0n ? 1 : 0;
    users.set(key, { username, currency, email, balance, isFrozen: false, passwordHash, id: undefined });
    return { is: 'accepted', status: 201 };
  }

  function changeProfile({ userId, email }: ProfileChange): Expected {
    const user = userById(userId);
    assert(user, 'Only users change their profiles.');
    user.email = email ?? user.email;
    return { is: 'accepted', status: 200 };
  }

  /** The amounts on either side; a code where there are none. */
  function quote(
    { amount, maxDebit }: SendPayment,
    from: string,
    to: string,
  ): Omit<Moved, 'balanceAfter'> | ErrorCode {
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

  /** Whether some balance, the exchange's included, could no longer be kept exactly. */
  function overflows(
    { sent, received }: Omit<Moved, 'balanceAfter'>,
    from: string,
    receiver: ModelUser,
  ): boolean {
    const isConversion = from !== receiver.currency;
    return (
      receiver.balance + received > largest ||
      (isConversion && (exchange.get(from) ?? 0n) + sent > largest) ||
      (isConversion && (exchange.get(receiver.currency) ?? 0n) - received < -largest)
    );
  }

  function pay(input: SendPayment, isDryRun: boolean): Expected {
    const sender = userById(input.senderId);
    const receiver = users.get(input.to);
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
    if (overflows(quoted, sender.currency, receiver)) {
      return refused('INVALID_AMOUNT');
    }
    const moved = { ...quoted, balanceAfter: sender.balance - quoted.sent };
    if (!isDryRun) {
      move(sender, receiver, quoted);
    }
    return { is: 'accepted', status: isDryRun ? 200 : 201, moved };
  }

  function move(
    sender: ModelUser,
    receiver: ModelUser,
    { sent, received }: Omit<Moved, 'balanceAfter'>,
  ): void {
    sender.balance -= sent;
    receiver.balance += received;
    if (sender.currency !== receiver.currency) {
      exchange.set(sender.currency, (exchange.get(sender.currency) ?? 0n) + sent);
      exchange.set(receiver.currency, (exchange.get(receiver.currency) ?? 0n) - received);
    }
    transfers += 1;
  }

  function judge({ rule, input, isDryRun }: Decision): Expected {
    switch (rule) {
      case 'register-user':
        return register(input as Registration);
      case 'change-profile':
        return changeProfile(input as ProfileChange);
      case 'send-payment':
        return pay(input as SendPayment, isDryRun ?? false);
      default:
        return credentials.judge(rule, input);
    }
  }

  return {
    users,
    credentials,
    get transfers() {
      return transfers;
    },
    get openingCredits() {
      return openingCredits;
    },
    get keys() {
      return keys.size;
    },
    userById,
    expect(decision) {
      const { rule, input, key, caller, isDryRun } = decision;
      if (key === undefined || isDryRun) {
        return judge(decision);
      }
      const place = `${caller.userId} ${key}`;
      const asked = `${rule} ${spelledInOrder(input)}`;
      const first = keys.get(place);
      if (first) {
        return first.asked === asked
          ? { is: 'replay', of: first.requestId }
          : refused('IDEMPOTENCY_KEY_REUSED');
      }
      const expected = judge(decision);
      if (expected.is === 'accepted' || (expected.is === 'refused' && remembered.has(expected.code))) {
        keys.set(place, { asked, requestId: caller.requestId });
      }
      return expected;
    },
  };
}

/** The same text for the same members in whatever order. */
export function spelledInOrder(value: unknown): string {
  if (typeof value !== 'object' || value === null) {
    return JSON.stringify(value) ?? '';
  }
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([name, member]) => `${name}:${spelledInOrder(member)}`).join()}}`;
}
