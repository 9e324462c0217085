import test from 'ava';
import type { Knex } from 'knex';
import { listAudit } from '../../../server/features/audit/audit-store.js';
import { makeDatabaseFile, openWriterOf } from '../../db/support/database.js';
import { alice, writeStory } from '../../db/support/rows.js';

test('the trail of an actor, an act or a subject is read in the order of an index', async (t) => {
  const readers = openWriterOf(t, await makeDatabaseFile(t));
  await writeStory(readers);
  const asked: { readonly sql: string; readonly bindings: readonly Knex.RawBinding[] }[] = [];
  readers.on('query', (query) => asked.push(query));
  const page = { after: undefined, limit: 21 };
  await listAudit(readers, { actor: alice.username }, page);
  await listAudit(readers, { action: 'user.registered' }, page);
  await listAudit(readers, { subject: alice.username }, page);
  await listAudit(readers, { subject: 'tok_0000000001' }, page);
  const plans = await Promise.all(
    asked
      .filter(({ sql }) => sql.includes('audit'))
      .map(async ({ sql, bindings }) => {
        const steps: { detail: string }[] = await readers.raw(`explain query plan ${sql}`, bindings);
        return steps.map(({ detail }) => detail).filter((detail) => !detail.startsWith('SEARCH u '));
      }),
  );
  t.deepEqual(plans, [
    ['SEARCH a USING INDEX audit_actor_id_id_index (actor_id=?)'],
    ['SEARCH a USING INDEX audit_action_id_index (action=?)'],
    ['SEARCH a USING INDEX audit_subject_id_index (subject=?)'],
    ['SEARCH a USING INDEX audit_subject_id_index (subject=?)'],
  ]);
});
