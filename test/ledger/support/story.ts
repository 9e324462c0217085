import type { SendPayment } from '../../../server/features/payments/send-payment.js';
import type { Decision } from '../../../server/ledger/rule.js';
import { usualLifetimes } from '../../support/usual-lifetimes.js';
import type { Amount, Command, Spelling, To, Twist } from './commands.js';
import { storyCurrencies } from './commands.js';
import type { Expected } from './expected.js';
import type { Model } from './model.js';
import type { ModelCredential } from './model-credentials.js';
import type { ModelUser } from './model-users.js';
import { costFor, receivedFor } from './own-rates.js';
import { ruleNamed } from './rule-named.js';

/** A decision with what the model says of it. */
export interface Planned {
  readonly decision: Decision;
  readonly expected: Expected;
  /** The dry run of the same just before, where there was one. */
  readonly preview?: Planned;
}

export interface Teller {
  /** The decisions of a command, and what is to become of them: none where nobody is there to try it. */
  plan(command: Command): readonly Planned[];
  /** Somebody who exists. */
  pickUser(which: number): ModelUser | undefined;
}

type Of<Is extends Command['is']> = Extract<Command, { is: Is }>;

const spelled = (text: string, spelling: Spelling) => {
  switch (spelling) {
    case 'lower':
      return text.toLowerCase();
    case 'upper':
      return text.toUpperCase();
    case 'mixed':
      return text.charAt(0).toUpperCase() + text.slice(1).toLowerCase();
  }
};

const clamped = (minor: bigint) =>
  Number(minor < 1n ? 1n : minor > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : minor);

const nameOf = (number: number) => `user${number}`;
const emailOf = (number: number, spelling: Spelling) => spelled(`mail${number}@example.org`, spelling);

/** Turns commands into decisions, with the model's knowledge of who there is and what they hold. */
export function makeTeller(model: Model): Teller {
  const keyed: Decision[] = [];
  let serial = 0;

  function pick<Item>(items: readonly Item[], which: number): Item | undefined {
    return items[which % Math.max(items.length, 1)];
  }

  const known = () => [...model.users.values()].filter((user) => user.id !== undefined);
  const pickUser = (which: number) => pick(known(), which);
  const pickCredential = (kind: ModelCredential['kind'], which: number) =>
    pick(
      [...model.credentials.all.values()].filter((it) => it.kind === kind && it.id !== undefined),
      which,
    );

  function decision(
    rule: string,
    userId: number | null,
    input: unknown,
    rest: Partial<Decision> = {},
  ): Decision {
    serial += 1;
    const caller = { userId, isPerson: false, address: '127.0.0.1', requestId: `r${serial}` };
    return { rule: ruleNamed(rule), input, caller, ...rest };
  }

  const fresh = () => `${serial}`.padStart(64, '0');

  function register({ name, spelling, email, currency, credit }: Of<'register'>): Decision {
    return decision('register-user', null, {
      username: spelled(nameOf(name), spelling),
      email: emailOf(email, spelling),
      displayName: null,
      passwordHash: `hash ${serial}`,
      currency,
      role: 'user',
      openingCredit: credit,
    });
  }

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

  function receiverOf(to: To, sender: ModelUser): string {
    if (typeof to === 'object') {
      const others = [...model.users.keys()].filter((name) => name !== sender.username.toLowerCase());
      return 'named' in to ? nameOf(to.named) : (pick(others, to.registered) ?? 'nobody');
    }
    return to === 'self' ? sender.username.toLowerCase() : 'nobody';
  }

  function sendInput(command: Of<'pay'>, sender: ModelUser): SendPayment {
    const to = receiverOf(command.to, sender);
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

  function pay(command: Of<'pay'>): readonly Decision[] {
    const sender = pickUser(command.from);
    if (!sender?.id) {
      return [];
    }
    const input = sendInput(command, sender);
    if (command.isDryRun) {
      return [decision('send-payment', sender.id, input, { isDryRun: true, facts: null, key: 'shared' })];
    }
    const key = command.key === 'fresh' ? `key-${serial}` : 'shared';
    const preview = decision('send-payment', sender.id, input, { isDryRun: true, facts: null });
    const real = decision('send-payment', sender.id, input, { facts: null, key });
    keyed.push(real);
    return command.isPreviewed ? [preview, real] : [real];
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

  function repeat({ which, twist }: Of<'repeat'>): readonly Decision[] {
    const first = pick(keyed, which);
    if (!first || first.key === undefined) {
      return [];
    }
    const { key, caller } = first;
    if (twist === 'other rule') {
      return [decision('change-profile', caller.userId, { userId: caller.userId }, { key })];
    }
    return [
      decision(first.rule, caller.userId, twisted(first.input as SendPayment, twist), { facts: null, key }),
    ];
  }

  function ofUser(which: number, make: (user: ModelUser, userId: number) => Decision): readonly Decision[] {
    const user = pickUser(which);
    return user?.id === undefined ? [] : [make(user, user.id)];
  }

  function ofSession(
    which: number,
    make: (session: { readonly userId: number; readonly sessionId: number }) => Decision,
  ): readonly Decision[] {
    const session = pickCredential('session', which);
    return session?.id === undefined ? [] : [make({ userId: session.userId, sessionId: session.id })];
  }

  function changePassword({ session, isRightPassword }: Of<'change password'>): readonly Decision[] {
    return ofSession(session, ({ userId, sessionId }) => {
      const currentHash = isRightPassword ? (model.userById(userId)?.passwordHash ?? '') : 'wrong';
      const newHash = `hash ${serial}`;
      return decision('change-password', userId, { userId, sessionId, currentHash, newHash });
    });
  }

  function makeToken({ session }: Of<'make token'>): readonly Decision[] {
    return ofSession(session, ({ userId, sessionId }) => {
      const token = { tokenHash: fresh(), name: 'script', scopes: ['read', 'pay'], expiresInDays: 90 };
      const made = decision('create-token', userId, { userId, sessionId, ...token });
      const credential = { kind: 'session', id: sessionId } as const;
      return { ...made, caller: { ...made.caller, credential } };
    });
  }

  function revokeToken({ token, by }: Of<'revoke token'>): readonly Decision[] {
    const picked = pickCredential('token', token);
    const userId = by === 'owner' ? picked?.userId : pickUser(by)?.id;
    const input = { userId, tokenId: picked?.id ?? 999_999 };
    return userId === undefined ? [] : [decision('revoke-token', userId, input)];
  }

  function decisionsOf(command: Command): readonly Decision[] {
    switch (command.is) {
      case 'register':
        return [register(command)];
      case 'pay':
        return pay(command);
      case 'repeat':
        return repeat(command);
      case 'log in':
        return ofUser(command.user, ({ passwordHash }, userId) =>
          decision('open-session', userId, {
            userId,
            tokenHash: fresh(),
            lifetimes: usualLifetimes,
            guesses: [],
            passwordHash: command.isRightPassword ? passwordHash : 'wrong',
          }),
        );
      case 'log out':
        return ofSession(command.session, ({ userId, sessionId }) =>
          decision('end-session', userId, { userId, sessionId }),
        );
      case 'make token':
        return makeToken(command);
      case 'revoke token':
        return revokeToken(command);
      case 'change password':
        return changePassword(command);
      case 'change email':
        return ofUser(command.user, (_, userId) => {
          const email = emailOf(command.email, command.spelling);
          return decision('change-profile', userId, { userId, email });
        });
    }
  }

  return {
    pickUser,
    plan(command) {
      let preview: Planned | undefined;
      return decisionsOf(command).map((made) => {
        const planned = { decision: made, expected: model.expect(made), ...(preview && { preview }) };
        preview = made.isDryRun ? planned : undefined;
        return planned;
      });
    },
  };
}
