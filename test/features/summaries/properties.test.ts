import assert from 'node:assert/strict';
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import type { PaymentRow } from '../../../db/tables/payments.js';
import type { UserRow } from '../../../db/tables/users.js';
import { microsOf, timeText } from '../../../server/clock.js';
import { balancesOf, balancesOfAll } from '../../../server/features/summaries/balances.js';
import { summarise, summariseAll } from '../../../server/features/summaries/summarise.js';
import { groupings } from '../../../server/features/summaries/summary-query.js';
import type { SummaryJson } from '../../../server/features/summaries/wire.js';
import { currencyOf } from '../../../server/money/currency.js';
import { formatAmount } from '../../../server/money/format.js';
import { openRealBooks, type RealBooks } from '../../ledger/support/real-books.js';
import { ruleNamed } from '../../ledger/support/rule-named.js';
import { amountFor, balanceBefore, type Model, type Sum, stepAt, stepsWithin, summed } from './model.js';

const hour = 3_600_000_000;
const day = 24 * hour;

/** Summer time begins and ends at one in the morning, at two, at midnight; one zone is 45 minutes off the hour. */
const zones = ['Europe/London', 'America/New_York', 'Africa/Cairo', 'Pacific/Chatham', 'UTC'];

/** Just before clocks change in one of the zones, a leap day, and ends of years of 52 and 53 weeks. */
const beginnings = [
  '2027-03-12T12:00:00Z',
  '2027-03-26T20:00:00Z',
  '2026-04-22T18:00:00Z',
  '2026-10-23T22:00:00Z',
  '2026-10-29T18:00:00Z',
  '2028-02-27T21:00:00Z',
  '2026-12-27T23:59:59.999999Z',
  '2024-12-28T10:00:00Z',
];

interface Act {
  readonly wait: number;
  readonly from: number;
  readonly to: number;
  readonly minor: number;
  readonly memo: string | null;
}

const act: fc.Arbitrary<Act> = fc.record({
  wait: fc.oneof(
    fc.constantFrom(0, 1, hour, day - 1, day, 7 * day),
    fc.integer({ min: 1, max: 2 * day }),
    fc.integer({ min: 1, max: 20 * day }),
  ),
  from: fc.nat({ max: 2 }),
  to: fc.nat({ max: 2 }),
  minor: fc.integer({ min: 1, max: 900 }),
  memo: fc.constantFrom(null, 'Lunch', 'lunch', 'RENT', '旅'),
});

const history = fc.record({
  begin: fc.constantFrom(...beginnings),
  acts: fc.array(act, { minLength: 5, maxLength: 40 }),
});

const caller = { userId: null, isPerson: false, address: '127.0.0.1', requestId: 'test' };
const names = ['alice', 'bob', 'carol'];
const currencies = ['GBP', 'GBP', 'JPY'];

/** Plays a history on a clock that is set, through the ledger's own rules; half of a yen is not payable, and refused. */
async function play(
  t: ExecutionContext,
  { begin, acts }: { readonly begin: string; readonly acts: readonly Act[] },
): Promise<{ readonly books: RealBooks; readonly model: Model; readonly now: () => number }> {
  let now = microsOf(begin);
  const clock = () => now;
  const books = await openRealBooks(t, { askTime: async () => now, machineMicros: clock });
  for (const [place, username] of names.entries()) {
    const input = {
      ...{ username, email: `${username}@example.org`, displayName: null, passwordHash: 'x', role: 'user' },
      ...{ currency: currencies[place], openingCredit: 100_000 },
    };
    const { status, json } = await books.ledger.decide({ rule: ruleNamed('register-user'), input, caller });
    assert.equal(status, 201, json);
    now += hour;
  }
  const users: readonly UserRow[] = await books.rows('users');
  for (const [place, { wait, from, to, minor, memo }] of acts.entries()) {
    now += wait;
    const [sender, receiver] = [users[from], users[to]];
    if (sender && receiver && sender !== receiver) {
      const items = [{ to: receiver.username, amount: { minor, currency: sender.currency }, memo }];
      await books.ledger.decide({
        ...{
          rule: ruleNamed('send-payout'),
          input: { senderId: sender.id, mode: 'each', items },
          facts: null,
        },
        ...{ caller: { ...caller, userId: sender.id }, key: `k${place}` },
      });
    }
  }
  const payments = await books.rows('payments');
  // A payment is dated after the one before it, be it past the clock.
  now = Math.max(now, ...payments.map(({ created_at }) => created_at));
  return { books, model: { users, payments }, now: clock };
}

/** The figures of an answer by group and currency, in minor units. */
function figuresOf({ data }: SummaryJson): Map<string, Sum> {
  const minor = ({ amount }: { readonly amount: string }) => BigInt(amount.replace('.', ''));
  return new Map(
    data.map((group) => {
      assert.equal(minor(group.net), minor(group.in) - minor(group.out));
      const sum = { incoming: minor(group.in), outgoing: minor(group.out), count: group.count };
      return [`${group.key} ${group.in.currency}`, sum];
    }),
  );
}

const nothing: Sum = { incoming: 0n, outgoing: 0n, count: 0 };

/** What was given has exactly these groups with something in them, and beside them only steps in which nothing was paid. */
function assertFigures(given: SummaryJson, wanted: ReadonlyMap<string, Sum>): void {
  const figures = figuresOf(given);
  assert.equal(figures.size, given.data.length, 'each group once');
  for (const [key, sum] of figures) {
    assert.deepEqual(sum, wanted.get(key) ?? nothing, key);
  }
  for (const key of wanted.keys()) {
    assert(figures.has(key), `there is no group ${key}`);
  }
}

const isStep = (by: string) => by === 'day' || by === 'week' || by === 'month';

const query = fc.record({
  by: fc.constantFrom(...groupings),
  tz: fc.constantFrom(...zones),
  since: fc.option(fc.nat({ max: 100 * 24 }), { nil: undefined }),
  until: fc.option(fc.nat({ max: 300 * 24 }), { nil: undefined }),
  direction: fc.option(fc.constantFrom('sent', 'received'), { nil: undefined }),
  with: fc.option(fc.constantFrom('Bob', 'carol', 'nobody'), { nil: undefined }),
  kind: fc.option(fc.constantFrom('transfer', 'opening_credit'), { nil: undefined }),
  q: fc.option(fc.constantFrom('LUNCH', 'rent'), { nil: undefined }),
  minAmount: fc.option(fc.constantFrom('1.00', '5.00'), { nil: undefined }),
});

type Asked = typeof query extends fc.Arbitrary<infer Value> ? Value : never;

function fits(model: Model, payment: PaymentRow, amount: number, asked: Asked): boolean {
  const otherId = amount < 0 ? payment.to_user_id : payment.from_user_id;
  const other = model.users.find(({ id }) => id === otherId)?.username;
  return (
    (asked.direction === undefined || (asked.direction === 'sent') === amount < 0) &&
    (asked.with === undefined || other === asked.with.toLowerCase()) &&
    (asked.kind === undefined || payment.kind === asked.kind) &&
    (asked.q === undefined || (payment.memo ?? '').toLowerCase().includes(asked.q.toLowerCase())) &&
    (asked.minAmount === undefined || Math.abs(amount) >= Number(asked.minAmount) * 100)
  );
}

/** Without a query that nobody asked for; times are hours after the beginning. */
function queryOf({ since, until, ...asked }: Asked, begin: number) {
  const at = (hours: number | undefined) =>
    hours === undefined ? undefined : timeText(begin + hours * hour);
  return { ...asked, since: at(since), until: at(until) } as Parameters<typeof summarise>[2];
}

function keyOf(model: Model, payment: PaymentRow, amount: number, { by, tz }: Asked): string {
  const otherId = amount < 0 ? payment.to_user_id : payment.from_user_id;
  const keys: Readonly<Record<string, string | null | undefined>> = {
    counterparty: model.users.find(({ id }) => id === otherId)?.username ?? null,
    kind: payment.kind,
    memo: payment.memo,
  };
  return String(isStep(by) ? stepAt(payment.created_at, by, tz) : keys[by]);
}

test('sums of one user are those of a simple model, over any history, grouping, filter and calendar', async (t) => {
  let groups = 0;
  const holds = fc.asyncProperty(
    history,
    fc.array(query, { minLength: 20, maxLength: 20 }),
    async (one, all) => {
      const { books, model, now } = await play(t, one);
      const alice = model.users[0] as UserRow;
      for (const asked of all) {
        const wanted = queryOf(asked, alice.created_at);
        const given = await summarise({ readers: books.writer, machineMicros: now }, alice, wanted);
        const end = now() + 1;
        const since = Math.min(wanted.since === undefined ? alice.created_at : microsOf(wanted.since), end);
        const until = Math.min(wanted.until === undefined ? end : microsOf(wanted.until), end);
        const rows = model.payments.flatMap((payment) => {
          const amount = amountFor(payment, alice.id);
          const isIn = payment.created_at >= since && payment.created_at < until;
          return amount !== undefined && isIn && fits(model, payment, amount, asked)
            ? [{ key: `${keyOf(model, payment, amount, asked)} GBP`, amounts: [amount] }]
            : [];
        });
        assertFigures(given, summed(rows));
        if (isStep(asked.by)) {
          const steps = stepsWithin(since, until, asked.by, asked.tz);
          assert.deepEqual(given.data.map(({ key }) => key).toReversed(), steps.slice(-400));
        }
        groups += given.data.length;
      }
    },
  );
  await t.notThrowsAsync(fc.assert(holds, { numRuns: 8, endOnFailure: true, includeErrorInReport: true }));
  // Most histories have many; chance gives few now and then, and none would prove nothing.
  t.true(groups > 50, `${groups}`);
});

test('sums of all are what users received and sent in each currency, over any history', async (t) => {
  const asks = fc.array(fc.record({ by: fc.constantFrom(...groupings), tz: fc.constantFrom(...zones) }), {
    minLength: 10,
    maxLength: 10,
  });
  const holds = fc.asyncProperty(history, asks, async (one, all) => {
    const { books, model, now } = await play(t, one);
    for (const { by, tz } of all) {
      const parts = { readers: books.writer, machineMicros: now };
      const given = await summariseAll(parts, { by, tz }, 'GBP');
      const nameOf = (id: number | null) => model.users.find((user) => user.id === id)?.username;
      const rows = model.payments.flatMap((payment) => {
        const { from_user_id, to_user_id, sent_currency, received_currency } = payment;
        const sides = [
          { user: from_user_id, amount: -payment.sent_amount, currency: sent_currency },
          { user: to_user_id, amount: payment.received_amount, currency: received_currency },
        ].filter(({ user }) => user !== null);
        const keys = { kind: payment.kind, memo: payment.memo };
        const key = isStep(by) ? stepAt(payment.created_at, by, tz) : keys[by as 'kind' | 'memo'];
        if (by === 'counterparty') {
          return sides.map(({ user, amount, currency }) => ({
            key: `${nameOf(user)} ${currency}`,
            amounts: [amount],
          }));
        }
        return [...new Set(sides.map(({ currency }) => currency))].map((currency) => ({
          key: `${key} ${currency}`,
          amounts: sides.filter((side) => side.currency === currency).map(({ amount }) => amount),
        }));
      });
      // Steps are as many as leave room for every currency.
      const shown = isStep(by) ? new Set(given.data.map(({ key }) => key)) : undefined;
      const wanted = rows.filter(({ key }) => shown?.has(key.split(' ')[0] ?? '') !== false);
      assertFigures(given, summed(wanted));
    }
  });
  await t.notThrowsAsync(fc.assert(holds, { numRuns: 5, endOnFailure: true, includeErrorInReport: true }));
});

test('a balance at any moment is the sum of all before it, of one user and of all together', async (t) => {
  const asks = fc.array(
    fc.record({
      step: fc.constantFrom('day', 'week', 'month'),
      tz: fc.constantFrom(...zones),
      hours: fc.nat(9_000),
    }),
    { minLength: 5, maxLength: 5 },
  );
  const holds = fc.asyncProperty(history, asks, async (one, all) => {
    const { books, model, now } = await play(t, one);
    const parts = { readers: books.writer, machineMicros: now };
    const [alice, , carol] = model.users as [UserRow, UserRow, UserRow];
    for (const { step, tz, hours } of all) {
      const at = timeText(alice.created_at + hours * hour - 1);
      const queries = [
        { step, tz },
        { at, tz },
      ] as Parameters<typeof balancesOf>[2][];
      for (const query of queries) {
        for (const user of [alice, carol]) {
          const { data } = await balancesOf(parts, user, query);
          for (const { at: moment, balance } of data) {
            const minor = balanceBefore(model, user.id, microsOf(moment));
            assert.equal(balance.amount, formatAmount(minor, currencyOf(user.currency)), moment);
          }
        }
        const { data } = await balancesOfAll(parts, query, 'GBP');
        for (const { at: moment, balance } of data) {
          const held = model.users
            .filter(({ currency }) => currency === 'GBP')
            .reduce((sum, { id }) => sum + balanceBefore(model, id, microsOf(moment)), 0);
          assert.equal(balance.amount, formatAmount(held, currencyOf('GBP')), moment);
        }
      }
    }
  });
  await t.notThrowsAsync(fc.assert(holds, { numRuns: 5, endOnFailure: true, includeErrorInReport: true }));
});
