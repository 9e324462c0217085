import type { AuditRow } from '../../../../db/tables/acts.js';
import type { UserRow } from '../../../../db/tables/users.js';
import { rules } from '../../../../server/compose/rules.js';
import type { BatchMoment } from '../../../../server/ledger/commit/decide-batch.js';
import type { Outcome } from '../../../../server/ledger/outcome.js';
import type { Decision } from '../../../../server/ledger/rule.js';
import { registration } from '../../../ledger/support/callers.js';
import { numberOf } from '../../../ledger/support/outcomes.js';
import { makePureBooks } from '../../../ledger/support/pure-books.js';
import { ruleNamed } from '../../../ledger/support/rule-named.js';
import type { Tables } from '../../../ledger/support/tables.js';
import { toldData } from '../../events/support/told-data.js';

/** Two administrators and three users; carol's dollars came by no credit. */
export const people = {
  root: { role: 'admin', currency: 'GBP', openingCredit: 100_000 },
  second: { role: 'admin', currency: 'GBP', openingCredit: 100_000 },
  alice: { role: 'user', currency: 'GBP', openingCredit: 100_000 },
  bob: { role: 'user', currency: 'GBP', openingCredit: 100_000 },
  carol: { role: 'user', currency: 'USD', openingCredit: 0 },
} as const;

export type Name = keyof typeof people;
export const names = Object.keys(people) as readonly Name[];

export interface Order {
  /** Null for somebody who is not logged in. */
  readonly by: Name | null;
  readonly rule: string;
  readonly input: object;
  readonly key?: string;
  readonly isDryRun?: boolean;
}

/** The pure rules over books of their own. */
export interface Office {
  readonly tables: Tables;
  /** What happened since everybody was registered. */
  readonly trail: readonly AuditRow[];
  readonly address: string;
  readonly requestId: string;
  idOf(name: Name): number;
  user(name: Name): UserRow;
  balanceOf(name: Name): number;
  toldTo(name: Name): readonly { readonly type: string; readonly data: object }[];
  do(order: Order): Outcome;
  /** All at the same instant, in one batch where that can be. */
  doTogether(orders: readonly Order[]): readonly Outcome[];
}

const start = 1_795_370_400_000_000;

export function makeOffice(): Office {
  const books = makePureBooks(rules, ['GBP', 'USD']);
  const { tables } = books.store;
  const caller = { isPerson: true, address: '192.0.2.7', requestId: 'req-of-test' };
  let now = start;

  function decide(decisions: readonly Decision[]): readonly Outcome[] {
    now += 1;
    const moment = { now, machineNow: now };
    const batch: BatchMoment = { service: moment, machine: moment };
    const outcomes = books.decideAll(decisions, batch);
    const fault = outcomes.find((outcome) => outcome.fault !== null)?.fault;
    if (fault !== undefined) {
      throw new Error(`A rule failed: ${fault}`);
    }
    return outcomes;
  }

  const ids = new Map<Name | null, number>();
  for (const name of names) {
    const [outcome] = decide([registration(name, people[name])]);
    ids.set(name, outcome ? numberOf('usr', outcome) : 0);
  }
  const recorded = tables.audit.length;
  const idOf = (name: Name) => ids.get(name) ?? 0;
  const decisionOf = ({ by, ...order }: Order): Decision => ({
    ...order,
    rule: ruleNamed(order.rule),
    facts: null,
    caller: { ...caller, userId: by === null ? null : idOf(by) },
  });

  return {
    tables,
    get trail() {
      return tables.audit.slice(recorded);
    },
    address: caller.address,
    requestId: caller.requestId,
    idOf,
    user(name) {
      const row = tables.users.find(({ id }) => id === idOf(name));
      if (!row) {
        throw new Error(`There is no ${name}.`);
      }
      return row;
    },
    balanceOf: (name) => tables.accounts.find(({ user_id }) => user_id === idOf(name))?.balance ?? Number.NaN,
    toldTo: (name) =>
      tables.events
        .filter(({ user_id }) => user_id === idOf(name))
        .map((event) => ({ type: event.type, data: toldData(tables, event) })),
    do(order) {
      const [outcome] = decide([decisionOf(order)]);
      if (!outcome) {
        throw new Error(`${order.rule} was not decided.`);
      }
      return outcome;
    },
    doTogether: (orders) => decide(orders.map(decisionOf)),
  };
}

/** An administrator's change of a user. */
export const change = (
  by: Name | null,
  username: string,
  input: { readonly status?: UserRow['status']; readonly role?: UserRow['role'] },
): Order => ({ by, rule: ruleNamed('change-user'), input: { username, reason: 'because', ...input } });

export const adjustment = (
  by: Name | null,
  username: string,
  amount: string,
  direction: 'credit' | 'debit',
): Order => ({
  by,
  rule: ruleNamed('adjust-balance'),
  input: { username, amount, direction, reason: 'because' },
});

export const reset = (by: Name | null, username: string): Order => ({
  by,
  rule: ruleNamed('reset-password'),
  input: { username, passwordHash: 'one-time hash', reason: 'because' },
});
