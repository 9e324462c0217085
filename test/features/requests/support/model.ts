import type { ErrorCode } from '../../../../server/errors.js';
import { costFor, receivedFor } from '../../../ledger/support/model/own-rates.js';
import { type Act, type Name, names, people } from './act.js';

/** A model of what the contract says of these acts, by a second, simpler way of thinking: no book, no batch, no rows. */
export interface Model {
  /** Microseconds: the timestamp service's, and the machine's. */
  now: number;
  machineNow: number;
  readonly balances: Record<Name, bigint>;
  readonly frozen: Set<Name>;
  /** Pairs of who blocks and who is blocked. */
  readonly blocks: Set<string>;
  readonly requests: ModelRequest[];
  readonly payments: ModelPayment[];
  /** What was done that may be asked about when it is done again: in words that are the same where two acts are alike. */
  readonly done: { readonly act: string; readonly id: string; readonly at: number }[];
  /** The kinds of what each was told, in order. */
  readonly told: Record<Name, string[]>;
}

export interface ModelRequest {
  readonly id: string;
  readonly requester: Name;
  readonly payer: Name;
  readonly minor: bigint;
  readonly currency: string;
  readonly expiresAt: number;
  status: 'pending' | 'paid' | 'declined' | 'cancelled' | 'expired';
  remindedAt: number | undefined;
}

export interface ModelPayment {
  readonly id: string;
  readonly kind: 'transfer' | 'request' | 'refund';
  readonly from: Name;
  readonly to: Name;
  readonly sent: bigint;
  readonly received: bigint;
  readonly at: number;
  /** What was given back of it so far, in what was sent, and what that took of what was received. */
  returned: bigint;
  debited: bigint;
}

/** The verdict on an act: what is to be answered; `take` takes the effect in, knowing what was answered. */
export type Verdict =
  | { readonly is: 'refused'; readonly code: ErrorCode }
  // biome-ignore lint/suspicious/noExplicitAny: the body of an answer is what the model says it is.
  | { readonly is: 'accepted'; readonly status: number; readonly take: (body: any) => void };

type Of<Is extends Act['is']> = Extract<Act, { is: Is }>;

export const minuteMicros = 60_000_000;
export const dayMicros = 24 * 60 * minuteMicros;

const refused = (code: ErrorCode): Verdict => ({ is: 'refused', code });
const pair = (blocker: Name, blocked: Name) => `${blocker} ${blocked}`;
const isBlocked = ({ blocks }: Model, one: Name, other: Name) =>
  blocks.has(pair(one, other)) || blocks.has(pair(other, one));
const currencyOf = (name: Name): string => people[name].currency;

export function makeModel(now: number): Model {
  const each = <Value>(make: (name: Name) => Value) =>
    Object.fromEntries(names.map((name) => [name, make(name)])) as Record<Name, Value>;
  return {
    now,
    machineNow: now,
    balances: each((name) => BigInt(people[name].credit)),
    frozen: new Set(),
    blocks: new Set(),
    requests: [],
    payments: [],
    done: [],
    told: each(() => []),
  };
}

export const isOver = (model: Model, request: ModelRequest): boolean =>
  model.now >= request.expiresAt && model.machineNow >= request.expiresAt;

/** Both sides of a payment that one currency fixes; undefined where nothing would arrive. */
export function amountsOf(
  minor: bigint,
  currency: string,
  from: Name,
  to: Name,
): { readonly sent: bigint; readonly received: bigint } | undefined {
  const [own, other] = [currencyOf(from), currencyOf(to)];
  const received = currency === other ? minor : receivedFor(minor, own, other);
  const sent = currency === own ? minor : costFor(minor, own, other);
  return received === 0n ? undefined : { sent, received };
}

function move(model: Model, payment: Omit<ModelPayment, 'at' | 'returned' | 'debited'>): void {
  model.balances[payment.from] -= payment.sent;
  model.balances[payment.to] += payment.received;
  model.payments.push({ ...payment, at: model.now, returned: 0n, debited: 0n });
}

export type AskedAbout = Of<'pay'> | Of<'ask'> | Of<'refund'>;

/** The act in words that are the same where two are alike; of a refund it must be known how much is given back. */
function likeness(act: AskedAbout, returned?: bigint): string {
  switch (act.is) {
    case 'pay':
      return JSON.stringify([act.by, 'pays', act.to, act.money, act.memo ?? null]);
    case 'ask':
      return JSON.stringify([act.by, 'asks', act.from, act.money, act.memo ?? null]);
    case 'refund':
      return JSON.stringify([act.by, 'gives back', act.payment, String(returned)]);
  }
}

/** The lookalike of an act: the newest of its kind within ten minutes, by a person or a script. */
export function lookalike(model: Model, act: AskedAbout, returned?: bigint): string | undefined {
  const words = likeness(act, returned);
  return model.done.findLast(
    (earlier) => earlier.act === words && earlier.at >= model.now - 10 * minuteMicros,
  )?.id;
}

/** Whether a person is asked about it, who does not say that it is meant. */
function isAskedAbout(model: Model, act: AskedAbout, returned?: bigint): boolean {
  const alike = act.isPerson ? lookalike(model, act, returned) : undefined;
  return alike !== undefined && act.confirms !== '*' && act.confirms !== alike;
}

const note = (model: Model, act: AskedAbout, id: string, returned?: bigint) =>
  void model.done.push({ act: likeness(act, returned), id, at: model.now });

function pay(model: Model, act: Of<'pay'>): Verdict {
  const { by, to, money } = act;
  if (model.frozen.has(by)) {
    return refused('ACCOUNT_FROZEN');
  }
  if (isBlocked(model, to, by)) {
    return refused('RECIPIENT_UNAVAILABLE');
  }
  const amounts = amountsOf(BigInt(money.minor), money.currency, by, to);
  if (!amounts) {
    return refused('INVALID_AMOUNT');
  }
  if (amounts.sent > model.balances[by]) {
    return refused('INSUFFICIENT_FUNDS');
  }
  if (isAskedAbout(model, act)) {
    return refused('POSSIBLE_DUPLICATE');
  }
  return {
    is: 'accepted',
    status: 201,
    take({ id }) {
      move(model, { id, kind: 'transfer', from: by, to, ...amounts });
      note(model, act, id);
      model.told[to].push('payment.received');
    },
  };
}

function ask(model: Model, act: Of<'ask'>): Verdict {
  const { by, from, money, expiresAt } = act;
  if (model.frozen.has(by)) {
    return refused('ACCOUNT_FROZEN');
  }
  if (isBlocked(model, from, by)) {
    return refused('RECIPIENT_UNAVAILABLE');
  }
  if (!amountsOf(BigInt(money.minor), money.currency, from, by)) {
    return refused('INVALID_AMOUNT');
  }
  if (expiresAt !== undefined && expiresAt <= model.now) {
    return refused('VALIDATION_FAILED');
  }
  if (isAskedAbout(model, act)) {
    return refused('POSSIBLE_DUPLICATE');
  }
  return {
    is: 'accepted',
    status: 201,
    take({ id }) {
      note(model, act, id);
      model.requests.push({
        ...{ id, requester: by, payer: from, minor: BigInt(money.minor), currency: money.currency },
        expiresAt: expiresAt ?? model.now + 30 * dayMicros,
        status: 'pending',
        remindedAt: undefined,
      });
      model.told[from].push('request.received');
    },
  };
}

/** The request, when it is open to this side of it; else why it is not. */
function openRequest(
  model: Model,
  { by, request: id }: { readonly by: Name; readonly request: string },
  side: 'requester' | 'payer',
): ModelRequest | ErrorCode {
  const request = model.requests.find((it) => it.id === id);
  if (!request || (by !== request.requester && by !== request.payer)) {
    return 'NOT_FOUND';
  }
  if (request[side] !== by) {
    return 'NOT_YOUR_REQUEST';
  }
  return request.status !== 'pending' || isOver(model, request) ? 'REQUEST_CLOSED' : request;
}

function accept(model: Model, act: Of<'accept'>): Verdict {
  const request = openRequest(model, act, 'payer');
  if (typeof request === 'string') {
    return refused(request);
  }
  const { payer, requester, minor, currency } = request;
  if (model.frozen.has(payer)) {
    return refused('ACCOUNT_FROZEN');
  }
  if (isBlocked(model, requester, payer)) {
    return refused('RECIPIENT_UNAVAILABLE');
  }
  const amounts = amountsOf(minor, currency, payer, requester);
  if (!amounts) {
    return refused('INVALID_AMOUNT');
  }
  if (act.maxDebit !== undefined && amounts.sent > BigInt(act.maxDebit)) {
    return refused('RATE_CHANGED');
  }
  if (amounts.sent > model.balances[payer]) {
    return refused('INSUFFICIENT_FUNDS');
  }
  return {
    is: 'accepted',
    status: 200,
    take({ payment }) {
      move(model, { id: payment.id, kind: 'request', from: payer, to: requester, ...amounts });
      request.status = 'paid';
      model.told[requester].push('request.paid');
    },
  };
}

function close(model: Model, act: Of<'decline'> | Of<'cancel' | 'remind'>): Verdict {
  const isDecline = act.is === 'decline';
  const request = openRequest(model, act, isDecline ? 'payer' : 'requester');
  if (typeof request === 'string') {
    return refused(request);
  }
  return {
    is: 'accepted',
    status: 200,
    take() {
      request.status = isDecline ? 'declined' : 'cancelled';
      model.told[isDecline ? request.requester : request.payer].push(`request.${request.status}`);
    },
  };
}

function remind(model: Model, act: Of<'cancel' | 'remind'>): Verdict {
  const request = openRequest(model, act, 'requester');
  if (typeof request === 'string') {
    return refused(request);
  }
  if (model.frozen.has(act.by)) {
    return refused('ACCOUNT_FROZEN');
  }
  if (isBlocked(model, request.payer, act.by)) {
    return refused('RECIPIENT_UNAVAILABLE');
  }
  if (request.remindedAt !== undefined && model.now < request.remindedAt + 60 * minuteMicros) {
    return refused('RATE_LIMITED');
  }
  return {
    is: 'accepted',
    status: 200,
    take() {
      request.remindedAt = model.now;
      model.told[request.payer].push('request.reminded');
    },
  };
}

function expire(model: Model, { request: id }: Of<'expire'>): Verdict {
  const request = model.requests.find((it) => it.id === id);
  return {
    is: 'accepted',
    status: 204,
    take() {
      if (request?.status === 'pending' && isOver(model, request)) {
        request.status = 'expired';
        model.told[request.requester].push('request.expired');
        model.told[request.payer].push('request.expired');
      }
    },
  };
}

const digitsOf = (currency: string) => (currency === 'JPY' ? 0 : 2);

/** The amount that was sent, in its currency. */
export function amountText(minor: bigint, currency: string): string {
  const digits = digitsOf(currency);
  const text = String(minor).padStart(digits + 1, '0');
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

function refund(model: Model, act: Of<'refund'>): Verdict {
  const { by, payment: id, amount } = act;
  const payment = model.payments.find((it) => it.id === id);
  if (!payment || (by !== payment.from && by !== payment.to)) {
    return refused('NOT_FOUND');
  }
  if (by !== payment.to || payment.kind === 'refund') {
    return refused('NOT_REFUNDABLE');
  }
  const left = payment.sent - payment.returned;
  const asked = amount === undefined ? left : BigInt(amount.replace('.', ''));
  if (left === 0n || asked > left) {
    return refused('REFUND_TOO_LARGE');
  }
  if (model.frozen.has(by)) {
    return refused('ACCOUNT_FROZEN');
  }
  const rest = payment.received - payment.debited;
  const share = (payment.received * asked + payment.sent - 1n) / payment.sent;
  const isLast = asked === left || share >= rest;
  const [returned, debited] = isLast ? [left, rest] : [asked, share];
  if (debited > model.balances[by]) {
    return refused('INSUFFICIENT_FUNDS');
  }
  if (isAskedAbout(model, act, asked)) {
    return refused('POSSIBLE_DUPLICATE');
  }
  return {
    is: 'accepted',
    status: 201,
    take({ id: refundId }) {
      payment.returned += returned;
      payment.debited += debited;
      const amounts = { sent: debited, received: returned };
      note(model, act, refundId, asked);
      move(model, { id: refundId, kind: 'refund', from: by, to: payment.from, ...amounts });
      model.told[payment.from].push('refund.received');
    },
  };
}

function block(model: Model, { is, by, whom }: Of<'block' | 'unblock'>): Verdict {
  if (by === whom) {
    return refused('NOT_FOUND');
  }
  return {
    is: 'accepted',
    status: 204,
    take: () => (is === 'block' ? model.blocks.add(pair(by, whom)) : model.blocks.delete(pair(by, whom))),
  };
}

export function judge(model: Model, act: Act): Verdict {
  switch (act.is) {
    case 'pay':
      return pay(model, act);
    case 'ask':
      return ask(model, act);
    case 'accept':
      return accept(model, act);
    case 'decline':
    case 'cancel':
      return close(model, act);
    case 'remind':
      return remind(model, act);
    case 'expire':
      return expire(model, act);
    case 'refund':
      return refund(model, act);
    case 'block':
    case 'unblock':
      return block(model, act);
  }
}
