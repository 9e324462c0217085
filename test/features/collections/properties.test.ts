import test from 'ava';
import fc from 'fast-check';
import { auditBooks } from '../../ledger/support/audit.js';
import { bodyOf } from '../../ledger/support/outcomes.js';
import type { Name } from '../requests/support/act.js';
import { day, makeWorld, pounds } from '../requests/support/world.js';
import { act, collect } from './support/acts.js';

const payers = ['bob', 'carol', 'yuki'] as const satisfies readonly Name[];

type Step =
  | { readonly is: 'collect'; readonly name: string; readonly from: readonly Name[]; readonly minor: number }
  | { readonly is: 'answer'; readonly verb: 'accept' | 'decline'; readonly by: Name; readonly place: number }
  | { readonly is: 'remind' | 'close'; readonly place: number }
  | { readonly is: 'wait'; readonly days: number };

const place = fc.nat(5);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      is: fc.constant('collect' as const),
      name: fc.constantFrom('trip', 'Trip', 'gift'),
      from: fc.array(fc.constantFrom(...payers), { minLength: 1, maxLength: 4 }),
      minor: fc.integer({ min: 100, max: 5_000 }),
    }),
  },
  fc.record({
    is: fc.constant('answer' as const),
    verb: fc.constantFrom('accept' as const, 'decline' as const),
    by: fc.constantFrom(...payers),
    place,
  }),
  fc.record({ is: fc.constantFrom('remind' as const, 'close' as const), place }),
  fc.record({ is: fc.constant('wait' as const), days: fc.integer({ min: 1, max: 20 }) }),
);

/** A collection as anybody would keep it on paper. */
interface Sheet {
  readonly id: string;
  readonly name: string;
  readonly endsAt: number;
  isClosed: boolean;
  readonly asked: Map<string, number>;
}

test('whatever is done, nobody is asked twice for one collection, and its sums are those of its requests', (t) => {
  const holds = fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
    const world = makeWorld();
    const sheets: Sheet[] = [];
    for (const one of steps) {
      if (one.is === 'wait') {
        world.clock.machine += one.days * day;
      } else if (one.is === 'collect') {
        const body = bodyOf(collect(world, { ...one, money: pounds(one.minor) }));
        const open = sheets.find(
          ({ name, isClosed, endsAt }) =>
            !isClosed && endsAt > world.clock.service && name.toLowerCase() === one.name.toLowerCase(),
        );
        const sheet = open ?? {
          ...{ id: body.id, name: one.name, isClosed: false, asked: new Map<string, number>() },
          endsAt: world.clock.service + 30 * day,
        };
        t.is(body.id, sheet.id);
        if (!open) {
          t.false(sheets.some(({ id }) => id === body.id));
          sheets.push(sheet);
        }
        const expected = one.from.map((who) => {
          const isNew = !sheet.asked.has(who);
          sheet.asked.set(who, sheet.asked.get(who) ?? one.minor);
          return isNew ? 'asked' : 'asked-before';
        });
        t.deepEqual(
          body.results.map(({ outcome }: { readonly outcome: string }) => outcome),
          expected,
        );
      } else if (one.is === 'answer') {
        const told = world.toldTo(one.by).filter(([type]) => type === 'request.received');
        const [, data] = told[one.place] ?? [];
        world.do({ is: one.verb, by: one.by, request: (data as { id: string } | undefined)?.id ?? '' });
      } else {
        const sheet = sheets[one.place];
        if (sheet) {
          act(world, one.is, sheet.id);
          sheet.isClosed ||= one.is === 'close';
        }
      }
    }
    for (const sheet of sheets) {
      const rows = world.tables.requests.filter(
        ({ collection_id }) => collection_id === sheets.indexOf(sheet) + 1,
      );
      t.deepEqual(
        new Map(rows.map(({ payer_id, amount }) => [payer_id, amount])),
        new Map([...sheet.asked].map(([who, minor]) => [world.idOf(who as Name), minor])),
      );
      t.is(rows.length, sheet.asked.size);
      const end = bodyOf(act(world, 'close', sheet.id));
      const paid = rows.filter(({ status }) => status === 'paid');
      t.is(end.counts.paid, paid.length);
      t.is(end.people, rows.length);
      const pennies = ({ amount }: { readonly amount: string }) => Math.round(Number(amount) * 100);
      t.is(
        pennies(end.collected),
        paid.reduce((sum, { amount }) => sum + amount, 0),
      );
      t.is(
        pennies(end.asked),
        [...sheet.asked.values()].reduce((sum, minor) => sum + minor, 0),
      );
      t.is(end.counts.pending, 0);
    }
    t.deepEqual(auditBooks(world.tables), []);
  });
  fc.assert(holds, { numRuns: 60 });
});
