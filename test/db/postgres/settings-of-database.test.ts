import { type Database, openMaker, openReaders, openWriter } from '../../../db/connect.js';
import { checkDatabaseFile } from '../../../server/features/books/check-database.js';
import { startServer } from '../../api/support/api-server.js';
import { newScript, pay } from '../../api/support/people.js';
import { testWith } from '../../support/needs.js';
import { needsPostgres } from '../../support/on-postgres.js';
import { makePostgresDatabase } from '../../support/postgres.js';

const test = testWith(needsPostgres);

/** What may be set for a database, and what is so on our connections all the same. */
const settings = {
  default_transaction_isolation: ['serializable', 'read committed'],
  standard_conforming_strings: ['off', 'on'],
  array_nulls: ['off', 'on'],
  idle_session_timeout: ['1s', '0'],
  transaction_timeout: ['1s', '0'],
} as const;

async function makeOddDatabase(): Promise<string> {
  const url = await makePostgresDatabase();
  const database = openMaker(url);
  try {
    for (const [name, [value]] of Object.entries({ ...settings, ...ofMaker })) {
      const [known] = await database.raw('select current_setting(?, true) as value', [name]);
      if (known?.value !== null) {
        await database.raw(`alter database ${new URL(url).pathname.slice(1)} set ${name} = '${value}'`);
      }
    }
  } finally {
    await database.destroy();
  }
  return url;
}

/** Who makes or inspects reads for long between what it writes. */
const ofMaker = { idle_in_transaction_session_timeout: ['1s', '0'] } as const;

const ways: Readonly<
  Record<string, readonly [(url: string) => Database, Readonly<Record<string, readonly string[]>>]>
> = {
  'who writes': [openWriter, settings],
  'who reads': [(url) => openReaders(url, 1), settings],
  'who makes or inspects': [openMaker, { ...settings, ...ofMaker }],
};

for (const [who, [open, expected]] of Object.entries(ways)) {
  test(`what is set for a database changes neither the statements nor the connections of ${who}`, async (t) => {
    const database = open(await makeOddDatabase());
    t.teardown(() => database.destroy());
    for (const [name, [, ours = '']] of Object.entries(expected)) {
      const [found] = await database.raw('select coalesce(current_setting(?, true), ?) as value', [
        name,
        ours,
      ]);
      t.is(found?.value, ours, name);
    }
  });
}

test('payments, searches and the check do their work on a database with settings of its own', async (t) => {
  const url = await makeOddDatabase();
  const server = await startServer({ environment: { PAY_DATABASE_URL: url } });
  t.teardown(() => server.stop());
  const [alice, bob] = await Promise.all([newScript(server), newScript(server)]);
  const paid = await pay(server, alice, { to: bob.username, amount: '1.00', memo: String.raw`a\b'c` });
  t.is(paid.status, 201, paid.text);
  const found = await server.ask('/v1/payments?q=A%5CB', { token: alice.token });
  t.is(found.json.data[0]?.id, paid.json.id, found.text);
  t.deepEqual((await checkDatabaseFile(url)).problems, []);
});
