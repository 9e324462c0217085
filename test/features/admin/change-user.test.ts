import test from 'ava';
import fc from 'fast-check';
import { auditBooks } from '../../ledger/support/audit.js';
import { bodyOf, codeOf } from '../../ledger/support/outcomes.js';
import { change, makeOffice, type Name, names } from './support/office.js';
import { isRefused } from './support/refused.js';

const whatIs = ({ status, role }: { status: string; role: string }) => ({ status, role });

test('who is frozen is frozen, is told why, and the trail says who did it, from where and why', (t) => {
  const office = makeOffice();
  const outcome = office.do(change('root', 'alice', { status: 'frozen' }));
  t.is(outcome.status, 200);
  t.like(bodyOf(outcome), { username: 'alice', status: 'frozen', balance: { amount: '1000.00' } });
  t.is(office.user('alice').status, 'frozen');
  t.like(office.toldTo('alice').at(-1), { type: 'account.frozen', data: { reason: 'because' } });
  t.is(office.trail.length, 1);
  t.like(office.trail[0], {
    actor_id: office.idOf('root'),
    action: 'user.frozen',
    subject: 'alice',
    address: office.address,
    request_id: office.requestId,
    reason: 'because',
    before: '{"status":"active"}',
    after: '{"status":"frozen"}',
  });
  t.deepEqual(auditBooks(office.tables), []);
});

test('who is unfrozen is told as well', (t) => {
  const office = makeOffice();
  office.do(change('root', 'alice', { status: 'frozen' }));
  office.do(change('second', 'alice', { status: 'active' }));
  t.is(office.user('alice').status, 'active');
  t.deepEqual(
    office.toldTo('alice').map(({ type }) => type),
    ['account.frozen', 'account.unfrozen'],
  );
  t.like(office.trail[1], { action: 'user.unfrozen', before: '{"status":"frozen"}' });
});

test('promotions and demotions are recorded with what was before', (t) => {
  const office = makeOffice();
  t.is(bodyOf(office.do(change('root', 'alice', { role: 'admin' }))).role, 'admin');
  t.is(bodyOf(office.do(change('alice', 'root', { role: 'user' }))).role, 'user');
  t.deepEqual(
    office.trail.map(({ action, subject, before, after }) => [action, subject, before, after]),
    [
      ['user.promoted', 'alice', '{"role":"user"}', '{"role":"admin"}'],
      ['user.demoted', 'root', '{"role":"admin"}', '{"role":"user"}'],
    ],
  );
});

test('both at once are two acts', (t) => {
  const office = makeOffice();
  const outcome = office.do(change('root', 'second', { role: 'user', status: 'frozen' }));
  t.deepEqual(whatIs(bodyOf(outcome)), { status: 'frozen', role: 'user' });
  t.deepEqual(
    office.trail.map(({ action }) => action),
    ['user.demoted', 'user.frozen'],
  );
});

test('what is so already stays, unrecorded and untold', (t) => {
  const office = makeOffice();
  const before = structuredClone(office.tables);
  for (const [name, input] of [
    ['alice', { status: 'active', role: 'user' }],
    ['second', { role: 'admin' }],
    ['root', { status: 'active', role: 'admin' }],
  ] as const) {
    t.is(office.do(change('root', name, input)).status, 200);
  }
  t.deepEqual(office.tables, before);
});

test('nobody but an administrator who is not frozen changes anything', (t) => {
  const office = makeOffice();
  for (const by of ['alice', null] as const) {
    isRefused(t, office, change(by, 'bob', { status: 'frozen' }), 'FORBIDDEN');
    isRefused(t, office, change(by, 'nobody', { status: 'frozen' }), 'FORBIDDEN');
  }
  office.do(change('root', 'second', { status: 'frozen' }));
  isRefused(t, office, change('second', 'bob', { status: 'frozen' }), 'ACCOUNT_FROZEN');
  isRefused(t, office, change('second', 'second', { status: 'active' }), 'ACCOUNT_FROZEN');
  office.do(change('root', 'second', { role: 'user' }));
  isRefused(t, office, change('second', 'bob', { status: 'frozen' }), 'FORBIDDEN');
});

test('whom nobody knows is NOT_FOUND', (t) => {
  isRefused(t, makeOffice(), change('root', 'nobody', { role: 'admin' }), 'NOT_FOUND');
});

test('nobody freezes or demotes themselves', (t) => {
  const office = makeOffice();
  isRefused(t, office, change('root', 'root', { status: 'frozen' }), 'FORBIDDEN');
  isRefused(t, office, change('root', 'root', { role: 'user' }), 'FORBIDDEN');
  isRefused(t, office, change('root', 'root', { role: 'user', status: 'frozen' }), 'FORBIDDEN');
});

test('the last administrator who can act cannot be demoted', (t) => {
  const office = makeOffice();
  office.do(change('root', 'second', { status: 'frozen' }));
  isRefused(t, office, change('root', 'root', { role: 'user' }), 'LAST_ADMIN');
  office.do(change('root', 'second', { status: 'active' }));
  isRefused(t, office, change('root', 'root', { role: 'user' }), 'FORBIDDEN');
  office.do(change('root', 'second', { role: 'user' }));
  isRefused(t, office, change('root', 'root', { role: 'user' }), 'LAST_ADMIN');
  t.is(office.user('root').role, 'admin');
});

test('of two administrators who demote each other at once one stays', (t) => {
  const office = makeOffice();
  const outcomes = office.doTogether([
    change('root', 'second', { role: 'user' }),
    change('second', 'root', { role: 'user' }),
  ]);
  t.deepEqual(outcomes.map(codeOf), [undefined, 'FORBIDDEN']);
  t.deepEqual([office.user('root').role, office.user('second').role], ['admin', 'user']);
});

test('a change counts for what comes after it in the same batch', (t) => {
  const office = makeOffice();
  const outcomes = office.doTogether([
    change('alice', 'bob', { status: 'frozen' }),
    change('root', 'alice', { role: 'admin' }),
    change('alice', 'bob', { status: 'frozen' }),
    change('second', 'alice', { status: 'frozen' }),
    change('alice', 'bob', { status: 'active' }),
  ]);
  t.deepEqual(outcomes.map(codeOf), ['FORBIDDEN', undefined, undefined, undefined, 'ACCOUNT_FROZEN']);
});

test('whatever is tried, somebody can act, and the trail tells all that changed and nothing else', (t) => {
  const name = fc.constantFrom(...names);
  const input = fc.record(
    { status: fc.constantFrom('active', 'frozen'), role: fc.constantFrom('user', 'admin') },
    { requiredKeys: [] },
  );
  const anyChange = fc.record({ by: name, whom: name, input });
  fc.assert(
    fc.property(fc.array(fc.array(anyChange, { minLength: 1, maxLength: 4 }), { maxLength: 12 }), (waves) => {
      const office = makeOffice();
      const all = () => new Map<Name, object>(names.map((one) => [one, whatIs(office.user(one))]));
      const told = all();
      for (const wave of waves) {
        office.doTogether(
          wave.map((one) => change(one.by, one.whom, one.input as Parameters<typeof change>[2])),
        );
        const acting = office.tables.users.filter(
          ({ role, status }) => role === 'admin' && status === 'active',
        );
        t.true(acting.length > 0);
      }
      for (const { subject, before, after } of office.trail) {
        const known = told.get(subject as Name) as Record<string, string>;
        for (const [field, value] of Object.entries(JSON.parse(before ?? '{}'))) {
          t.is(known[field], value as string);
        }
        told.set(subject as Name, { ...known, ...JSON.parse(after ?? '{}') });
      }
      t.deepEqual(told, all());
      t.deepEqual(auditBooks(office.tables), []);
    }),
    { numRuns: 60 },
  );
});
