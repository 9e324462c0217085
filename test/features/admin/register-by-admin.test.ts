import test from 'ava';
import { auditBooks } from '../../ledger/support/audit.js';
import { registration } from '../../ledger/support/callers.js';
import { bodyOf, codeOf } from '../../ledger/support/outcomes.js';
import { change, makeOffice, type Name, type Order } from './support/office.js';
import { isRefused } from './support/refused.js';

const register = (by: Name | null, username: string): Order => ({
  by,
  rule: 'register-by-admin',
  input: registration(username, { role: 'admin' }).input as object,
});

test('an administrator is a user with the role, a wallet and the opening credit', (t) => {
  const office = makeOffice();
  const outcome = office.do(register('root', 'Third@1'));
  t.deepEqual([outcome.status, outcome.location], [201, '/v1/admin/users/Third%401']);
  t.like(bodyOf(outcome), { username: 'Third@1', role: 'admin', balance: { amount: '1000.00' } });
  t.like(office.tables.users.at(-1), { role: 'admin', status: 'active', one_time_until: null });
  t.is(office.tables.payments.at(-1)?.kind, 'opening_credit');
  t.deepEqual(auditBooks(office.tables), []);
});

test('the trail says who registered them, and holds no password', (t) => {
  const office = makeOffice();
  office.do(register('root', 'third'));
  t.is(office.trail.length, 1);
  t.like(office.trail[0], {
    action: 'admin.registered',
    subject: 'third',
    actor_id: office.idOf('root'),
    address: office.address,
  });
  t.notRegex(JSON.stringify(office.trail), /hash of/);
});

test('nobody but an administrator who is not frozen registers one', (t) => {
  const office = makeOffice();
  isRefused(t, office, register('alice', 'third'), 'FORBIDDEN');
  isRefused(t, office, register(null, 'third'), 'FORBIDDEN');
  isRefused(t, office, register('alice', 'bob'), 'FORBIDDEN');
  office.do(change('root', 'second', { status: 'frozen' }));
  isRefused(t, office, register('second', 'third'), 'ACCOUNT_FROZEN');
});

test('a name that is in use is taken, and of two at once one is made', (t) => {
  const office = makeOffice();
  isRefused(t, office, register('root', 'ALICE'), 'USERNAME_TAKEN');
  const outcomes = office.doTogether([register('root', 'third'), register('second', 'THIRD')]);
  t.deepEqual(outcomes.map(codeOf), [undefined, 'USERNAME_TAKEN']);
});
