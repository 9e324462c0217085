import test from 'ava';
import fc from 'fast-check';
import { Failure } from '../../../cli/failure/failure.js';
import type { Bill } from '../../../cli/requests/bills.js';
import { isSameBill } from '../../../cli/requests/bills.js';
import { type BillOptions, type BillTerms, makeBill } from '../../../cli/requests/make-bill.js';

const payer = { server: 'https://pay.example', user: 'alice', currency: 'GBP', profileName: 'alice' };
const now = new Date('2026-11-22T18:00:00.000Z');
const bill = (terms: BillTerms, options: BillOptions): Bill => makeBill(terms, options, payer, now);
const dinner = { users: ['bob', 'carol', 'dave'], amount: '100', currency: 'GBP' };

const minorOf = ({ shares }: Bill) => shares.map(({ body }) => Number(body.amount.replace('.', '')));

test('each is asked for a share under a key of its own, and the shares are the bill', (t) => {
  const { key, shares } = bill(dinner, { split: true, memo: 'dinner' });
  t.deepEqual(
    shares.map(({ body }) => body),
    [
      { from: 'bob', amount: '33.34', currency: 'GBP', memo: 'dinner' },
      { from: 'carol', amount: '33.33', currency: 'GBP', memo: 'dinner' },
      { from: 'dave', amount: '33.33', currency: 'GBP', memo: 'dinner' },
    ],
  );
  t.deepEqual(
    shares.map((share) => share.key),
    [`${key}.bob`, `${key}.carol`, `${key}.dave`],
  );
});

test('whoever asks and is included has the last share, which is not asked for', (t) => {
  const shares = minorOf(bill(dinner, { split: true, includeMe: true }));
  t.deepEqual(shares, [2_500, 2_500, 2_500]);
  t.deepEqual(minorOf(bill({ ...dinner, amount: '0.05' }, { split: true, includeMe: true })), [2, 1, 1]);
});

test('whatever the bill, what is asked for, with one’s own share, is all of it', (t) => {
  fc.assert(
    fc.property(
      fc.integer({ min: 30, max: 10 ** 12 }),
      fc.integer({ min: 1, max: 20 }),
      fc.boolean(),
      (minor, people, includeMe) => {
        const users = Array.from({ length: people }, (_, index) => `user${index}`);
        const terms = { users, amount: String(minor), currency: 'JPY' };
        const options = { split: true, ...(includeMe && { includeMe }) } as const;
        const asked = minorOf(bill(terms, options));
        const own = minor - asked.reduce((sum, share) => sum + share, 0);
        const least = Math.floor(minor / (people + (includeMe ? 1 : 0)));
        t.is(own, includeMe ? least : 0);
      },
    ),
  );
});

test('one person is asked for the amount as it was written, under the key itself', (t) => {
  const one = bill({ ...dinner, users: ['bob'], amount: '5' }, { key: 'mine', expires: '7d' });
  t.deepEqual(one.shares, [
    {
      key: 'mine',
      body: {
        ...{ from: 'bob', amount: '5', currency: 'GBP', expiresAt: '2026-11-29T18:00:00.000Z' },
        confirmDuplicateOf: '*',
      },
    },
  ]);
});

test('the command that completes a bill says all of it, its time as it was reckoned', (t) => {
  const { command } = bill(dinner, { split: true, includeMe: true, memo: 'dinner', expires: '7d', key: 'k' });
  t.is(
    command.join(' '),
    'pay request --memo dinner --expires 2026-11-29T18:00:00.000Z --split --include-me --confirm-duplicate * --key k --profile alice --yes bob carol dave 100 GBP',
  );
});

test('the same command means the same bill, and any other another one', (t) => {
  const options = { split: true, memo: 'dinner', expires: '7d' } as const;
  const one = bill(dinner, options);
  const later = makeBill({ ...dinner, users: ['BOB', 'carol', 'dave'] }, options, payer, new Date());
  t.true(isSameBill(one, later));
  const others = [
    bill(dinner, { ...options, memo: 'lunch' }),
    bill(dinner, { ...options, includeMe: true }),
    bill({ ...dinner, users: ['bob', 'carol'] }, options),
    bill({ ...dinner, currency: 'EUR' }, options),
    makeBill(dinner, options, { ...payer, user: 'eve' }, now),
    makeBill(dinner, options, { ...payer, server: 'https://other.example' }, now),
  ];
  for (const other of others) {
    t.false(isSameBill(one, other));
  }
});

test('what cannot be shared is usage', (t) => {
  const wrong: [Partial<BillTerms>, BillOptions][] = [
    [{ amount: '0.02' }, { split: true }],
    [{ amount: '0.03' }, { split: true, includeMe: true }],
    [{ users: ['bob', 'carol', 'BOB'] }, { split: true }],
    [{ users: ['bob', 'Alice'] }, { split: true }],
    [{ currency: 'XXX' }, { split: true }],
    [{ users: ['bob'] }, { includeMe: true }],
  ];
  for (const [terms, options] of wrong) {
    const error = t.throws(() => bill({ ...dinner, ...terms }, options), { instanceOf: Failure });
    t.is(error?.kind, 'usage');
  }
});
