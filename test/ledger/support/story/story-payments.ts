import type { SendPayment } from '../../../../server/features/payments/send-payment.js';
import type { Decision } from '../../../../server/ledger/rule.js';
import type { Model } from '../model/model.js';
import type { ModelUser } from '../model/model-users.js';
import { costFor, receivedFor } from '../model/own-rates.js';
import type { Amount, Of, To, Twist } from './commands.js';
import { storyCurrencies } from './commands.js';
import type { DecisionMaker } from './decision-maker.js';
import { nameOf, pick, pickUser } from './picks.js';

const clamped = (minor: bigint) =>
  Number(minor < 1n ? 1n : minor > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : minor);

function minorOf(amount: Amount, sender: ModelUser, currency: string): number {
  if ('minor' in amount) {
    return amount.minor;
  }
  const all =
    currency === sender.currency ? sender.balance : receivedFor(sender.balance, sender.currency, currency);
  return clamped(all + BigInt(amount.balancePlus));
}

function limitOf(
  limit: Of<'pay'>['limit'],
  sender: ModelUser,
  minor: number,
  currency: string,
): number | null {
  const cost =
    currency === sender.currency ? BigInt(minor) : costFor(BigInt(minor), sender.currency, currency);
  switch (limit) {
    case 'none':
      return null;
    case 'cost':
      return clamped(cost);
    case 'below cost':
      return clamped(cost - 1n);
    case 'far above':
      return Number.MAX_SAFE_INTEGER;
  }
}

function receiverOf(model: Model, to: To, sender: ModelUser): string {
  if (typeof to === 'object') {
    const others = [...model.users.keys()].filter((name) => name !== sender.username.toLowerCase());
    return 'named' in to ? nameOf(to.named) : (pick(others, to.registered) ?? 'nobody');
  }
  return to === 'self' ? sender.username.toLowerCase() : 'nobody';
}

function sendInput(model: Model, command: Of<'pay'>, sender: ModelUser): SendPayment {
  const to = receiverOf(model, command.to, sender);
  const theirs = model.users.get(to)?.currency ?? sender.currency;
  const other = storyCurrencies.find((it) => it !== theirs && it !== sender.currency) ?? 'GBP';
  const currency = { sent: sender.currency, received: theirs, other }[command.side];
  const minor = minorOf(command.amount, sender, currency);
  return {
    senderId: sender.id ?? 0,
    to,
    amount: { minor, currency },
    memo: command.memo,
    maxDebit: limitOf(command.limit, sender, minor, currency),
  };
}

function twisted(input: SendPayment, twist: Twist): SendPayment {
  const { amount, memo } = input;
  switch (twist) {
    case 'reordered': {
      const backwards = Object.entries({
        ...input,
        amount: { currency: amount.currency, minor: amount.minor },
      });
      return Object.fromEntries(backwards.reverse()) as unknown as SendPayment;
    }
    case 'other amount':
      return { ...input, amount: { ...amount, minor: amount.minor === 1 ? 2 : amount.minor - 1 } };
    case 'other memo':
      return { ...input, memo: `${memo ?? ''}!` };
    default:
      return { ...input };
  }
}

/** The payments of a story, and those that are tried again. */
export class StoryPayments {
  readonly #model: Model;
  readonly #maker: DecisionMaker;
  readonly #keyed: Decision[] = [];

  constructor(model: Model, maker: DecisionMaker) {
    this.#model = model;
    this.#maker = maker;
  }

  pay(command: Of<'pay'>): readonly Decision[] {
    const sender = pickUser(this.#model, command.from);
    if (!sender?.id) {
      return [];
    }
    const input = sendInput(this.#model, command, sender);
    const send = (rest: Partial<Decision>) =>
      this.#maker.make('send-payment', input.senderId, input, { facts: null, ...rest });
    if (command.isDryRun) {
      return [send({ isDryRun: true, key: 'shared' })];
    }
    const key = command.key === 'fresh' ? `key-${this.#maker.serial}` : 'shared';
    const preview = send({ isDryRun: true });
    const real = send({ key });
    this.#keyed.push(real);
    return command.isPreviewed ? [preview, real] : [real];
  }

  repeat({ which, twist }: Of<'repeat'>): readonly Decision[] {
    const first = pick(this.#keyed, which);
    if (!first || first.key === undefined) {
      return [];
    }
    const { key, caller } = first;
    if (twist === 'other rule') {
      return [this.#maker.make('change-profile', caller.userId, { userId: caller.userId }, { key })];
    }
    const input = twisted(first.input as SendPayment, twist);
    return [this.#maker.make(first.rule, caller.userId, input, { facts: null, key })];
  }
}
