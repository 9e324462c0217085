import test from 'ava';
import { type Registration, registerUser } from '../../../server/features/accounts/register-user.js';
import { issuanceAccountId } from '../../../server/ledger/system-accounts.js';
import { invitation, issuance } from '../../db/support/rows.js';
import { auditBooks } from '../../ledger/support/audit.js';
import { registration } from '../../ledger/support/callers.js';
import { firstRates } from '../../ledger/support/empty-book-state.js';
import { bodyOf, codeOf, numberOf } from '../../ledger/support/outcomes.js';
import { openRealBooks } from '../../ledger/support/real-books.js';
import { decidePurely } from '../webhooks/support/decide-purely.js';

test('a new user has an account and the opening credit, issued in the same transaction', async (t) => {
  const { ledger, tables } = await openRealBooks(t);
  const outcome = await ledger.decide(
    registration('Alice', { email: 'Alice@Example.org', displayName: 'Al' }),
  );
  const { id: publicId, createdAt, ...body } = bodyOf(outcome);
  const id = numberOf('usr', outcome);
  t.is(publicId, 'usr_0000000001');
  t.deepEqual([outcome.status, outcome.location], [201, '/v1/me']);
  t.deepEqual(body, {
    username: 'Alice',
    displayName: 'Al',
    email: 'Alice@Example.org',
    role: 'user',
    status: 'active',
    currency: 'GBP',
    balance: { amount: '1000.00', currency: 'GBP' },
  });
  t.regex(createdAt, /^2026-11-22T18:00:00\.\d{6}Z$/);
  const books = await tables();
  t.like(books.users[0], {
    id,
    username_key: 'alice',
    email_key: 'alice@example.org',
    one_time_until: null,
  });
  t.like(books.payments, {
    length: 1,
    0: { kind: 'opening_credit', from_user_id: null, to_user_id: id, sent_amount: 100_000, rate: '1' },
  });
  t.is(books.accounts.find(({ id: account }) => account === issuanceAccountId('GBP'))?.balance, -100_000);
  t.deepEqual(auditBooks(books), []);
});

test('without an opening credit there is an account with nothing and no payment', async (t) => {
  const { ledger, tables } = await openRealBooks(t);
  const outcome = await ledger.decide(registration('alice', { currency: 'JPY', openingCredit: 0 }));
  t.deepEqual(bodyOf(outcome).balance, { amount: '0', currency: 'JPY' });
  const books = await tables();
  t.is(books.payments.length, 0);
  t.deepEqual(auditBooks(books), []);
});

test('the role is the one that was given', async (t) => {
  const { ledger } = await openRealBooks(t);
  t.is(bodyOf(await ledger.decide(registration('root', { role: 'admin' }))).role, 'admin');
});

const taken: readonly {
  readonly of: string;
  readonly code: string;
  readonly field: string;
  readonly given: Partial<Registration>;
}[] = [
  {
    of: 'the same username',
    code: 'USERNAME_TAKEN',
    field: 'username',
    given: { email: 'else@example.org' },
  },
  {
    of: 'the username in other letters',
    code: 'USERNAME_TAKEN',
    field: 'username',
    given: { username: 'ALICE', email: 'else@example.org' },
  },
];

for (const { of, code, field, given } of taken) {
  for (const together of [false, true]) {
    test(`${of} is ${code} and gives no credit, ${together ? 'in the same batch' : 'later'}`, async (t) => {
      const { ledger, tables } = await openRealBooks(t);
      const other = {
        ...registration('alice'),
        input: { ...(registration('alice').input as object), ...given },
      };
      // A decision that comes before makes those after it share a batch.
      const before = ledger.decide(registration('before'));
      const first = ledger.decide(registration('alice'));
      const second = together ? ledger.decide(other) : first.then(() => ledger.decide(other));
      const outcomes = await Promise.all([before, first, second]);
      t.deepEqual(outcomes.map(codeOf), [undefined, undefined, code]);
      t.like(bodyOf(outcomes[2]), { status: 409, errors: { 0: { field } } });
      const books = await tables();
      t.deepEqual([books.users.length, books.payments.length], [2, 2]);
      t.deepEqual(auditBooks(books), []);
    });
  }
}

test('an invitation is judged where it is used: once, until it is taken back, and until the microsecond of its end', (t) => {
  const end = 1_795_370_400_000_000;
  const input = { ...(registration('alice').input as Registration), invitationId: invitation.id };
  const register = (given: object, now = end - 1) => {
    const invitations = [{ ...invitation, expires_at: end, ...given }];
    return decidePurely(registerUser, { invitations, rates: [firstRates], accounts: [issuance] }, input, now);
  };
  const { inserted, updated } = register({});
  t.like(updated.invitations?.[0], { used_by: inserted.users?.[0]?.id, used_at: end - 1 });
  for (const refused of [
    () => register({}, end),
    () => register({ used_by: 9, used_at: 1 }),
    () => register({ revoked_at: 1 }),
  ]) {
    t.like(t.throws(refused), { code: 'REGISTRATION_CLOSED' });
  }
});
