import type { EventRow } from '../../../../db/tables/events.js';
import type { RequestRow } from '../../../../db/tables/requests.js';
import { rules } from '../../../../server/compose/rules.js';
import { limitSubject } from '../../../../server/features/limits/limits.js';
import { paymentJson } from '../../../../server/features/payments/wire.js';
import { publicId } from '../../../../server/ids.js';
import type { BatchMoment } from '../../../../server/ledger/commit/decide-batch.js';
import type { Outcome } from '../../../../server/ledger/outcome.js';
import type { Decision } from '../../../../server/ledger/rule.js';
import { registration } from '../../../ledger/support/callers.js';
import { eventsOf } from '../../../ledger/support/events-of.js';
import { bodyOf, numberOf } from '../../../ledger/support/outcomes.js';
import { makePureBooks } from '../../../ledger/support/pure-books.js';
import type { Tables } from '../../../ledger/support/tables.js';
import { type Act, decisionOf, type Name, names, type PayoutAct, people } from './act.js';

export const start = 1_795_370_400_000_000;
export const minute = 60_000_000;
export const day = 24 * 60 * minute;

/** Microseconds; the timestamp service's clock is `ahead` of the machine's, and never runs backwards. */
export interface WorldClock {
  machine: number;
  ahead: number;
  readonly service: number;
  /** What the service's will be when the next act is decided. */
  readonly serviceNext: number;
}

/** Four people who have registered, and the pure rules. */
export interface World {
  readonly clock: WorldClock;
  readonly tables: Tables;
  idOf(name: Name): number;
  /** Decides an act a microsecond after the one before, under a key of its own where it needs one and names none. */
  do(act: Act | PayoutAct, rest?: Partial<Decision>): Outcome;
  /** Decides acts at the same instant, in one batch where that can be. */
  doTogether(acts: readonly Act[]): readonly Outcome[];
  setStatus(name: Name, status: 'active' | 'frozen'): void;
  /** Of somebody, or of all who hold a currency; in minor units. */
  setLimit(whose: Name | 'GBP' | 'USD' | 'JPY', limits: { perPayment?: number; perDay?: number }): void;
  /** Minor units by name. */
  balances(): Readonly<Record<Name, number>>;
  requestOf(id: string): RequestRow;
  /** What somebody was told since the beginning: kind and contents. */
  toldTo(name: Name): readonly (readonly [string, unknown])[];
}

function makeClock(): WorldClock & { tick(): void } {
  let latest = 0;
  return {
    machine: start,
    ahead: 0,
    get service() {
      return Math.max(latest, this.machine + this.ahead);
    },
    get serviceNext() {
      return Math.max(latest, this.machine + this.ahead) + 1;
    },
    tick() {
      latest = this.serviceNext;
      this.machine += 1;
    },
  };
}

/** The data of an event: of one that tells of a payment, the payment as the user saw it then. */
function told({ users, accounts, payments, entries, rates }: Tables, event: EventRow): unknown {
  const payment = payments.find(({ id }) => id === event.payment_id);
  if (!payment) {
    return JSON.parse(event.data ?? '');
  }
  const account = accounts.find(({ user_id }) => user_id === event.user_id);
  const entry = entries.find((it) => it.payment_id === payment.id && it.account_id === account?.id);
  const nameOf = (userId: number | null) => users.find(({ id }) => id === userId)?.username ?? null;
  return paymentJson({
    payment,
    from: nameOf(payment.from_user_id),
    to: nameOf(payment.to_user_id),
    refunded: 0,
    correctedBy: [],
    rates: rates.find(({ id }) => id === payment.rates_id) ?? null,
    amount: entry?.amount ?? 0,
    balanceAfter: entry?.balance_after ?? 0,
  });
}

export function makeWorld(): World {
  const books = makePureBooks(rules, [...new Set(names.map((name) => people[name].currency))]);
  const clock = makeClock();
  const { tables } = books.store;

  function decide(decisions: readonly Decision[]): readonly Outcome[] {
    clock.tick();
    const { machine, service } = clock;
    const moment: BatchMoment = {
      service: { now: service, machineNow: machine },
      machine: { now: machine, machineNow: machine },
    };
    return books.decideAll(decisions, moment);
  }

  const ids = new Map<Name, number>();
  for (const name of names) {
    const { currency, credit: openingCredit } = people[name];
    const [outcome] = decide([registration(name, { currency, openingCredit })]);
    ids.set(name, outcome ? numberOf('usr', outcome) : 0);
  }
  const idOf = (name: Name) => ids.get(name) ?? 0;

  let keys = 0;
  function keyed(act: Act | PayoutAct): Act | PayoutAct {
    switch (act.is) {
      case 'pay':
      case 'payout':
      case 'ask':
      case 'accept':
      case 'refund':
        keys += 1;
        return { key: `key ${keys}`, ...act };
      default:
        return act;
    }
  }

  return {
    clock,
    tables,
    idOf,
    do(act, rest = {}) {
      const [outcome] = decide([{ ...decisionOf(keyed(act), idOf), ...rest }]);
      if (!outcome || outcome.fault !== null) {
        throw new Error(`${act.is} failed: ${outcome?.fault}`);
      }
      return outcome;
    },
    doTogether: (acts) => decide(acts.map((act) => decisionOf(keyed(act), idOf))),
    setLimit(whose, { perPayment = null, perDay = null }) {
      const name = names.find((one) => one === whose);
      const owner = name && {
        subject: limitSubject(idOf(name)),
        user_id: idOf(name),
        currency: people[name].currency,
      };
      books.store.setLimit({
        ...(owner ?? { subject: whose, user_id: null, currency: whose }),
        ...{ per_payment: perPayment, per_day: perDay },
      });
    },
    setStatus: (name, status) => books.store.setStatus(idOf(name), status),
    balances() {
      const held = new Map(tables.accounts.map(({ user_id, balance }) => [user_id, balance]));
      return Object.fromEntries(names.map((name) => [name, held.get(idOf(name))])) as Record<Name, number>;
    },
    requestOf(id) {
      const request = tables.requests.find((row) => publicId('req', row.id) === id);
      if (!request) {
        throw new Error(`There is no request ${id}.`);
      }
      return request;
    },
    toldTo: (name) => eventsOf(tables, idOf(name)).map((event) => [event.type, told(tables, event)] as const),
  };
}

export const pounds = (minor: number) => ({ minor, currency: 'GBP' });
export const dollars = (minor: number) => ({ minor, currency: 'USD' });

/** A request that is pending: alice asks bob for 10.00 pounds, or as said. */
export function pendingRequest(world: World, given: Partial<Extract<Act, { is: 'ask' }>> = {}): string {
  return bodyOf(world.do({ is: 'ask', by: 'alice', from: 'bob', money: pounds(1_000), ...given })).id;
}
