import test, { type ExecutionContext } from 'ava';
import { openWriter } from '../../../db/connect.js';
import { checkDatabaseFile } from '../../../server/features/books/check-database.js';
import { AuditedUsers, userFaults } from '../../../server/features/books/faults/audited-users.js';
import { rowNumber } from '../../../server/ids.js';
import { callerOf, registration } from '../../ledger/support/callers.js';
import { ruleNamed } from '../../ledger/support/rule-named.js';
import { openSampleLedger, sampleBooks } from './support/sample-books.js';

const administrator = { role: 'admin', status: 'active' } as const;
const user = { role: 'user', status: 'active' } as const;

test('a user stands as the newest acts have left them', (t) => {
  const auditedUsers = new AuditedUsers();
  const follow = (action: string, subject: string | null) => auditedUsers.follow({ action, subject });
  follow('user.registered', 'alice');
  follow('admin.registered', 'root');
  follow('session.refused', null);
  t.deepEqual(auditedUsers.of('alice'), user);
  t.deepEqual(auditedUsers.of('root'), administrator);
  follow('user.promoted', 'alice');
  follow('user.frozen', 'alice');
  follow('user.demoted', 'root');
  t.deepEqual(auditedUsers.of('alice'), { role: 'admin', status: 'frozen' });
  t.deepEqual(auditedUsers.names, ['alice']);
  follow('user.unfrozen', 'alice');
  t.deepEqual(auditedUsers.of('alice'), administrator);
});

test('role and status are each told with what the trail says', (t) => {
  t.deepEqual(userFaults(user, user), []);
  t.deepEqual(userFaults({ role: 'admin', status: 'frozen' }, user), [
    'has the role admin, where the audit trail says user',
    'is frozen, where the audit trail says active',
  ]);
});

/** Books in which root is an administrator, second was one, and mallory is frozen. */
async function booksWithActs(t: ExecutionContext): Promise<string> {
  const file = await sampleBooks(t);
  const { ledger, close } = await openSampleLedger(file);
  const register = async (name: string, role: 'user' | 'admin') => {
    const { json } = await ledger.decide(registration(name, { role }));
    return rowNumber('usr', (JSON.parse(json) as { id: string }).id) ?? 0;
  };
  const root = await register('root', 'admin');
  await register('second', 'admin');
  await register('mallory', 'user');
  for (const change of [
    { username: 'second', role: 'user' },
    { username: 'mallory', status: 'frozen' },
  ]) {
    const input = { ...change, reason: 'so it is' };
    t.is(
      (await ledger.decide({ rule: ruleNamed('change-user'), input, caller: callerOf(root) })).status,
      200,
    );
  }
  await close();
  return file;
}

test('whoever changes who is an administrator or frozen past the trail is found', async (t) => {
  const file = await booksWithActs(t);
  t.deepEqual((await checkDatabaseFile(file)).problems, []);
  const writer = openWriter(file);
  const set = (username: string, change: object) => writer('users').where({ username }).update(change);
  await set('mallory', { status: 'active' });
  await set('second', { role: 'admin' });
  await set('alice', { role: 'admin' });
  await set('root', { role: 'user' });
  await writer.destroy();
  t.deepEqual((await checkDatabaseFile(file)).problems, [
    'user alice has the role admin, where the audit trail says user',
    'user second has the role admin, where the audit trail says user',
    'user root is not admin and active, as the audit trail says',
    'user mallory is not user and frozen, as the audit trail says',
  ]);
});
