import test from 'ava';
import fc from 'fast-check';
import { openWriter } from '../../../db/connect.js';
import { checkDatabaseFile } from '../../../server/features/books/check-database.js';
import { sampleBooks } from './support/sample-books.js';
import { choice, tamper } from './support/tampering.js';
import { rowTricks } from './support/tricks.js';

const names = Object.keys(rowTricks);
const trickOf = (name: string) => rowTricks[name] ?? (() => Promise.resolve(false));

test('what puts the triggers back alone is not found', async (t) => {
  const file = await sampleBooks(t);
  t.false(await tamper(file, async () => false));
  t.deepEqual((await checkDatabaseFile(file)).problems, []);
});

for (const name of names) {
  test(`it is found: ${name}`, async (t) => {
    const file = await sampleBooks(t);
    t.true(await tamper(file, (tamperer) => trickOf(name)(tamperer, { place: 7, other: 4, twist: 2 })));
    const { balanced, problems } = await checkDatabaseFile(file);
    t.false(balanced);
    t.log(problems[0]);
  });
}

test('each of fifty random changes is found', async (t) => {
  const done = new Set<string>();
  const seed = Date.now() % 2 ** 31;
  t.log(`seed ${seed}`);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...names), choice, async (name, how) => {
      const file = await sampleBooks(t);
      fc.pre(await tamper(file, (tamperer) => trickOf(name)(tamperer, how)));
      const { balanced, problems } = await checkDatabaseFile(file);
      done.add(name);
      return !balanced && problems.length > 0;
    }),
    { numRuns: 50, seed, endOnFailure: true },
  );
  t.true(done.size > names.length / 3, `${done.size} kinds of change`);
});

test('each trigger that is gone, or no longer refuses, is found', async (t) => {
  const file = await sampleBooks(t);
  const writer = openWriter(file);
  t.teardown(() => writer.destroy());
  const triggers: { name: string; sql: string }[] = await writer.raw(
    "select name, sql from sqlite_master where type = 'trigger'",
  );
  t.true(triggers.length >= 12);
  const eachOf = async (change: (trigger: { name: string; sql: string }) => readonly string[]) => {
    for (const sql of triggers.flatMap(change)) {
      await writer.raw(sql);
    }
  };
  const problemsOf = async () => (await checkDatabaseFile(file)).problems.toSorted();
  const all = (fault: string) =>
    triggers.map(({ name }) => `schema: the trigger ${name} ${fault}`).toSorted();
  await eachOf(({ name }) => [`drop trigger ${name}`]);
  t.deepEqual(await problemsOf(), all('is missing'));
  await eachOf(({ sql }) => [sql.replace(/begin\s[\s\S]*\send$/, 'begin select 1; end')]);
  t.deepEqual(await problemsOf(), all('is not as it was made'));
  await eachOf(({ name, sql }) => [`drop trigger ${name}`, sql]);
  await writer.raw('create trigger extra after insert on payments begin select 1; end');
  t.deepEqual((await checkDatabaseFile(file)).problems, ['schema: the trigger extra is not one of ours']);
  await writer.raw('drop trigger extra');
  t.true((await checkDatabaseFile(file)).balanced);
});
