import fc from 'fast-check';
import { type Act, type Name, names, people } from './act.js';
import { type AskedAbout, amountsOf, amountText, lookalike, type Model } from './model.js';

/** An intent: what somebody tries, said relative to what there is when it is tried. */
export type Intent =
  | {
      readonly is: 'pay';
      readonly by: Name;
      readonly to: Name;
      readonly amount: Amount;
      readonly side: 'own' | 'theirs';
      readonly memo: string | undefined;
      /** The same as the newest payment that was sent. */
      readonly isAgain: boolean;
      readonly manner: Manner;
    }
  | {
      readonly is: 'ask';
      readonly by: Name;
      readonly from: Name;
      readonly amount: Amount;
      readonly side: 'own' | 'theirs';
      readonly memo: string | undefined;
      /** The same as the newest request. */
      readonly isAgain: boolean;
      readonly manner: Manner;
      /** Microseconds from now; null for the usual time. */
      readonly life: number | null;
    }
  | {
      readonly is: 'answer';
      readonly act: 'accept' | 'decline' | 'cancel' | 'remind' | 'expire';
      readonly which: number;
      readonly by: 'right side' | Name;
      readonly limit: 'none' | 'cost' | 'below cost';
    }
  | {
      readonly is: 'refund';
      readonly which: number;
      readonly by: 'right side' | Name;
      readonly part: 'rest' | 'least' | 'one too many' | number;
      readonly manner: Manner;
    }
  | { readonly is: 'block' | 'unblock'; readonly by: Name; readonly whom: Name };

/** The manner of an act: who does it, and what it is said to be meant besides. */
interface Manner {
  readonly isPerson: boolean;
  readonly confirms: 'nothing' | 'lookalike' | 'something' | 'whatever';
}

/** Minor units, or about what the one who would pay holds. */
type Amount = { readonly minor: number } | { readonly balancePlus: number };

const someone = fc.constantFrom(...names);
const which = fc.nat({ max: 1_000 });
const side = fc.constantFrom<'own' | 'theirs'>('own', 'theirs');
const amount: fc.Arbitrary<Amount> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(1, 2, 500, 1_000, 1_270).map((minor) => ({ minor })) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 60_000 }).map((minor) => ({ minor })) },
  { weight: 2, arbitrary: fc.integer({ min: -1, max: 1 }).map((balancePlus) => ({ balancePlus })) },
);
const rightSide = fc.oneof(
  { weight: 7, arbitrary: fc.constant('right side' as const) },
  { weight: 1, arbitrary: someone },
);

const manner: fc.Arbitrary<Manner> = fc.record({
  isPerson: fc.boolean(),
  confirms: fc.constantFrom<Manner['confirms']>('nothing', 'lookalike', 'something', 'whatever'),
});
const memo = fc.constantFrom(undefined, undefined, 'lunch');

const pay = fc.record({
  ...{ is: fc.constant('pay' as const), by: someone, to: someone, amount, side, memo, manner },
  isAgain: fc.boolean(),
});

const ask = (life: fc.Arbitrary<number | null>) =>
  fc.record({
    is: fc.constant('ask' as const),
    by: someone,
    from: someone,
    amount,
    side,
    memo,
    manner,
    life,
    isAgain: fc.boolean(),
  });

type AnswerAct = Extract<Intent, { is: 'answer' }>['act'];

const answer = (acts: readonly AnswerAct[]) =>
  fc.record({
    is: fc.constant('answer' as const),
    act: fc.constantFrom(...acts),
    which,
    by: rightSide,
    limit: fc.constantFrom<'none' | 'cost' | 'below cost'>('none', 'none', 'cost', 'below cost'),
  });

const refund = fc.record({
  is: fc.constant('refund' as const),
  which,
  by: rightSide,
  manner,
  part: fc.oneof(
    fc.constantFrom<'rest' | 'least' | 'one too many'>('rest', 'least', 'one too many'),
    fc.double({ min: 0, max: 1, noNaN: true }),
  ),
});

const block = fc.record({
  is: fc.constantFrom<'block' | 'unblock'>('block', 'block', 'unblock'),
  by: someone,
  whom: someone,
});

/** Any wish; with a life of requests and with expiry only where time can be moved. */
export function anyIntent(canMoveTime: boolean): fc.Arbitrary<Intent> {
  const life = canMoveTime
    ? fc.oneof(fc.constant(null), fc.constantFrom(-1, 0, 1), fc.integer({ min: 1, max: 200_000_000 }))
    : fc.constant(null);
  const acts = ['accept', 'accept', 'accept', 'decline', 'cancel', 'remind', 'remind'] as const;
  return fc.oneof(
    { weight: 5, arbitrary: pay },
    { weight: 5, arbitrary: ask(life) },
    { weight: 8, arbitrary: answer(canMoveTime ? [...acts, 'expire'] : acts) },
    { weight: 4, arbitrary: refund },
    { weight: 2, arbitrary: block },
  );
}

function moneyOf(model: Model, payer: Name, wanted: Amount, currency: string) {
  const minor = 'minor' in wanted ? wanted.minor : Number(model.balances[payer]) + wanted.balancePlus;
  return { minor: Math.max(1, minor), currency };
}

const pick = <Item>(items: readonly Item[], place: number): Item | undefined =>
  items[place % Math.max(items.length, 1)];

function answerOf(model: Model, intent: Extract<Intent, { is: 'answer' }>): Act | undefined {
  // The newest are open more often than the oldest.
  const request = pick(model.requests.toReversed().slice(0, 6), intent.which);
  if (!request) {
    return undefined;
  }
  const { id, payer, requester, minor, currency } = request;
  const isForPayer = intent.act === 'accept' || intent.act === 'decline';
  const by = intent.by === 'right side' ? (isForPayer ? payer : requester) : intent.by;
  if (intent.act !== 'accept') {
    return { is: intent.act, by, request: id };
  }
  const cost = Number(amountsOf(minor, currency, payer, requester)?.sent ?? 1n);
  const maxDebit = { none: undefined, cost, 'below cost': cost - 1 }[intent.limit];
  return { is: 'accept', by, request: id, ...(maxDebit !== undefined && maxDebit > 0 && { maxDebit }) };
}

/** The act, done in this manner; `returned` is what a refund of no amount would give back. */
function inManner<Is extends AskedAbout>(
  model: Model,
  act: Is,
  { isPerson, confirms }: Manner,
  returned?: bigint,
): Is {
  const meant = {
    nothing: undefined,
    something: model.payments.at(-1)?.id,
    lookalike: lookalike(model, act, returned),
    whatever: '*',
  }[confirms];
  return { ...act, isPerson, ...(meant !== undefined && { confirms: meant }) };
}

function refundOf(model: Model, intent: Extract<Intent, { is: 'refund' }>): Act | undefined {
  const payment = pick(model.payments.toReversed().slice(0, 8), intent.which);
  if (!payment) {
    return undefined;
  }
  const by = intent.by === 'right side' ? payment.to : intent.by;
  const left = payment.sent - payment.returned;
  if (intent.part === 'rest') {
    return inManner(model, { is: 'refund', by, payment: payment.id }, intent.manner, left);
  }
  const share = typeof intent.part === 'number' ? BigInt(Math.ceil(Number(left) * intent.part)) : 1n;
  const part = intent.part === 'one too many' ? left + 1n : share;
  const returned = part > 0n ? part : 1n;
  const amount = amountText(returned, people[payment.from].currency);
  return inManner(model, { is: 'refund', by, payment: payment.id, amount }, intent.manner, returned);
}

function payOf(model: Model, intent: Extract<Intent, { is: 'pay' }>): Act | undefined {
  const newest = intent.isAgain ? model.payments.findLast(({ kind }) => kind === 'transfer') : undefined;
  const { from: by, to } = newest ?? { from: intent.by, to: intent.to };
  if (by === to) {
    return undefined;
  }
  const money = newest
    ? { minor: Number(newest.sent), currency: people[by].currency }
    : moneyOf(model, by, intent.amount, people[intent.side === 'own' ? by : to].currency);
  return inManner(model, { is: 'pay', by, to, money, memo: intent.memo }, intent.manner);
}

function askOf(model: Model, intent: Extract<Intent, { is: 'ask' }>): Act | undefined {
  const newest = intent.isAgain ? model.requests.at(-1) : undefined;
  const { requester: by, payer: from } = newest ?? { requester: intent.by, payer: intent.from };
  if (by === from) {
    return undefined;
  }
  const money = newest
    ? { minor: Number(newest.minor), currency: newest.currency }
    : moneyOf(model, from, intent.amount, people[intent.side === 'own' ? by : from].currency);
  const life = intent.life === null ? {} : { expiresAt: model.now + intent.life };
  return inManner(model, { is: 'ask', by, from, money, memo: intent.memo, ...life }, intent.manner);
}

/** The act that is wished for; undefined where there is nothing to do it with. */
export function actOf(model: Model, intent: Intent): Act | undefined {
  switch (intent.is) {
    case 'pay':
      return payOf(model, intent);
    case 'ask':
      return askOf(model, intent);
    case 'answer':
      return answerOf(model, intent);
    case 'refund':
      return refundOf(model, intent);
    case 'block':
    case 'unblock':
      return { is: intent.is, by: intent.by, whom: intent.whom };
  }
}
