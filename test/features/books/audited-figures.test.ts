import test from 'ava';
import { openWriter } from '../../../db/connect.js';
import { checkDatabaseFile } from '../../../server/features/books/check-database.js';
import { AuditedFigures } from '../../../server/features/books/faults/audited-figures.js';
import { rowNumber } from '../../../server/ids.js';
import { callerOf, registration } from '../../ledger/support/callers.js';
import { ruleNamed } from '../../ledger/support/rule-named.js';
import { openSampleLedger, sampleBooks } from './support/sample-books.js';

test('whoever changes a limit or an email address past the trail is found', async (t) => {
  const file = await sampleBooks(t);
  const { ledger, close } = await openSampleLedger(file);
  const register = async (name: string, role: 'user' | 'admin') => {
    const { json } = await ledger.decide(registration(name, { role }));
    return rowNumber('usr', (JSON.parse(json) as { id: string }).id) ?? 0;
  };
  const root = await register('root', 'admin');
  const mallory = await register('mallory', 'user');
  const act = async (rule: string, by: number, input: object) => {
    const { status, json } = await ledger.decide({ rule: ruleNamed(rule), input, caller: callerOf(by) });
    t.is(status, 200, json);
  };
  const reason = 'so it is';
  await act('change-limit', root, { userId: mallory, currency: 'GBP', perDay: 5_000, reason });
  await act('change-limit', root, { userId: null, currency: 'USD', perPayment: 100, reason });
  await act('change-limit', root, { userId: null, currency: 'EUR', perPayment: 100, reason });
  await act('change-profile', mallory, { userId: mallory, email: 'mallory@example.net' });
  await close();
  t.deepEqual((await checkDatabaseFile(file)).problems, []);

  const writer = openWriter(file);
  await writer('limits').where({ user_id: mallory }).update({ per_day: 5_000_000 });
  await writer('limits').where({ currency: 'USD' }).delete();
  const email = 'evil@example.net';
  await writer('users').where({ id: mallory }).update({ email, email_key: email });
  await writer.destroy();
  t.deepEqual((await checkDatabaseFile(file)).problems, [
    'the password, email address or name of usr_0000000007 is another than the audit trail says',
    'limits: the limits of mallory are others than the audit trail says',
    'limits: the limits of USD are gone, which the audit trail has',
    'user mallory has another email address than the audit trail says',
  ]);
});

test('the newest act counts, and what was never changed is not judged', (t) => {
  const figures = new AuditedFigures();
  const follow = (action: string, subject: string | null, after: unknown) =>
    figures.follow({ action, subject, after: after === null ? null : JSON.stringify(after) });
  follow('profile.changed', 'alice', { email: 'a@example.org' });
  follow('profile.changed', 'alice', { email: 'b@example.org' });
  follow('profile.changed', 'alice', { displayName: 'Alice' });
  follow('session.refused', null, null);
  t.is(figures.emailFault({ username: 'alice', email: 'b@example.org' }), undefined);
  t.is(typeof figures.emailFault({ username: 'alice', email: 'a@example.org' }), 'string');
  t.is(figures.emailFault({ username: 'bob', email: 'x@example.org' }), undefined);
  t.deepEqual(figures.limitFaults([]), []);
});

test('of a user who is called like a currency neither limit is judged, and those beside them are', (t) => {
  const figures = new AuditedFigures();
  const row = (username: string | null, perDay: number) => ({
    subject: username === null ? 'GBP' : `usr of ${username}`,
    user_id: username === null ? null : 1,
    currency: 'GBP',
    per_payment: null,
    per_day: perDay,
    username,
  });
  for (const name of ['GBP', 'alice', 'bob']) {
    const after = { perPayment: null, perDay: { amount: '50.00', currency: 'GBP' } };
    figures.follow({ action: 'limits.changed', subject: name, after: JSON.stringify(after) });
  }
  const rows = [row(null, 700), row('GBP', 800), row('alice', 5_000), row('bob', 900)];
  t.deepEqual(figures.limitFaults(rows), ['the limits of bob are others than the audit trail says']);
});
