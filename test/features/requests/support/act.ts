import { type IdPrefix, rowNumber } from '../../../../server/ids.js';
import type { Decision } from '../../../../server/ledger/rule.js';
import type { Money } from '../../../../server/money/money.js';
import { ruleNamed } from '../../../ledger/support/rule-named.js';

/** The people who act in the tests, each with a currency and an opening credit in its minor units. */
export const people = {
  alice: { currency: 'GBP', credit: 100_000 },
  bob: { currency: 'GBP', credit: 100_000 },
  carol: { currency: 'USD', credit: 127_000 },
  yuki: { currency: 'JPY', credit: 190_350 },
} as const;

export type Name = keyof typeof people;
export const names = Object.keys(people) as readonly Name[];

/** An item of a payout; `to` may be nobody's name. */
export interface PayoutLine {
  readonly to: string;
  readonly money: Money;
  readonly memo?: string;
}

/** Somebody pays many at once. */
export interface PayoutAct {
  readonly is: 'payout';
  readonly by: Name;
  readonly mode: 'each' | 'all';
  readonly items: readonly PayoutLine[];
  readonly key?: string;
}

/** An act that somebody does, or tries to. */
export type Act =
  | {
      readonly is: 'pay';
      readonly by: Name;
      readonly to: Name;
      readonly money: Money;
      readonly isPerson?: boolean;
      readonly confirms?: string | undefined;
      readonly maxDebit?: number;
      readonly memo?: string | undefined;
      readonly key?: string;
    }
  | {
      readonly is: 'ask';
      readonly by: Name;
      readonly from: Name;
      readonly money: Money;
      readonly isPerson?: boolean;
      readonly confirms?: string | undefined;
      /** Whether the operator has it refused beyond what its payer holds; by default not. */
      readonly checkFunds?: boolean;
      readonly memo?: string | undefined;
      /** Microseconds since 1970. */
      readonly expiresAt?: number;
      readonly key?: string;
    }
  | {
      readonly is: 'accept';
      readonly by: Name;
      readonly request: string;
      /** Minor units of the payer's currency. */
      readonly maxDebit?: number;
      readonly memo?: string | null;
      readonly key?: string;
    }
  | { readonly is: 'decline'; readonly by: Name; readonly request: string; readonly reason?: string }
  | { readonly is: 'cancel' | 'remind'; readonly by: Name; readonly request: string }
  | { readonly is: 'expire'; readonly request: string }
  | {
      readonly is: 'refund';
      readonly by: Name;
      readonly payment: string;
      /** Of what was sent; by default all that is left. */
      readonly amount?: string;
      readonly isPerson?: boolean;
      readonly confirms?: string | undefined;
      readonly reason?: string;
      readonly key?: string;
    }
  | { readonly is: 'block' | 'unblock'; readonly by: Name; readonly whom: Name };

/** The number of the row that an id is of; that of none for an id that is nobody's. */
const numberOf = (prefix: IdPrefix, id: string) => rowNumber(prefix, id) ?? 0;

type Named = Pick<Decision, 'rule' | 'input'> & { readonly facts?: unknown };

const meant = (confirms: string | undefined) =>
  confirms === undefined ? {} : { confirmDuplicateOf: confirms };

function namedOf(act: Act | PayoutAct, idOf: (name: Name) => number): Named {
  const userId = 'by' in act ? idOf(act.by) : 0;
  switch (act.is) {
    case 'pay': {
      const { to, money: amount, memo = null, maxDebit = null, confirms } = act;
      const input = { senderId: userId, to, amount, memo, maxDebit, ...meant(confirms) };
      return { rule: ruleNamed('send-payment'), input, facts: null };
    }
    case 'payout': {
      const items = act.items.map(({ to, money: amount, memo = null }) => ({ to, amount, memo }));
      return {
        rule: ruleNamed('send-payout'),
        input: { senderId: userId, mode: act.mode, items },
        facts: null,
      };
    }
    case 'ask': {
      const { from, money: amount, memo = null, expiresAt = null, confirms, checkFunds = false } = act;
      const input = { requesterId: userId, from, amount, memo, expiresAt, ...meant(confirms) };
      return { rule: ruleNamed('create-request'), input, facts: { checkFunds } };
    }
    case 'accept': {
      const memo = act.memo === undefined ? {} : { memo: act.memo };
      const input = {
        userId,
        requestId: numberOf('req', act.request),
        maxDebit: act.maxDebit ?? null,
        ...memo,
      };
      return { rule: ruleNamed('accept-request'), input, facts: null };
    }
    case 'decline':
      return {
        rule: ruleNamed('decline-request'),
        input: { userId, requestId: numberOf('req', act.request), reason: act.reason ?? null },
      };
    case 'cancel':
      return {
        rule: ruleNamed('cancel-request'),
        input: { userId, requestId: numberOf('req', act.request) },
      };
    case 'remind':
      return { rule: ruleNamed('remind-payer'), input: { userId, requestId: numberOf('req', act.request) } };
    case 'expire':
      return { rule: ruleNamed('expire-request'), input: { requestId: numberOf('req', act.request) } };
    case 'refund': {
      const { amount = null, reason = null, confirms } = act;
      const paymentId = numberOf('pay', act.payment);
      const input = { userId, paymentId, amount, reason, ...meant(confirms) };
      return { rule: ruleNamed('refund-payment'), input, facts: { refundDays: 180 } };
    }
    case 'block':
    case 'unblock':
      return {
        rule: ruleNamed('change-block'),
        input: { userId, username: act.whom, isBlocked: act.is === 'block' },
      };
  }
}

/** The act as the ledger is asked for it. */
export function decisionOf(act: Act | PayoutAct, idOf: (name: Name) => number): Decision {
  const caller = {
    userId: 'by' in act ? idOf(act.by) : null,
    isPerson: 'isPerson' in act && act.isPerson === true,
    address: '127.0.0.1',
    requestId: 'test',
  };
  const key = 'key' in act && act.key !== undefined ? { key: act.key } : {};
  return { ...namedOf(act, idOf), caller, ...key };
}
