import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import type { LiveSessionJson } from '../../../server/features/sessions/wire.js';
import { startPayServer } from '../support/pay-server.js';
import { password, registerInside, stranger } from '../support/person.js';
import { runPayInside } from '../support/run-pay-inside.js';

test('somebody who is logged in twice sees both, and ends the one that is elsewhere', async (t) => {
  const server = await startPayServer();
  t.teardown(() => server.stop());
  const alice = await registerInside(server, 'alice', 'GBP');
  const elsewhere = await stranger({ PAY_SERVER: server.url });
  const words = ['login', 'alice', '--password-stdin', '--fingerprint', server.fingerprint];
  t.is((await runPayInside(words, elsewhere.environment, `${password}\n`)).status, 0);
  const sessions = (await alice.json('sessions')) as LiveSessionJson[];
  t.deepEqual(
    sessions.map(({ current }) => current),
    [false, true],
  );
  const [{ id } = { id: '' }] = sessions;
  const { stdout } = await alice.pay('sessions', 'list');
  t.regex(stdout, new RegExp(`^${id}\t.*\t127\\.0\\.0\\.1\t.*\tfalse\n`));
  t.is((await elsewhere.pay('balance')).status, 0);
  // The end of the id is enough.
  t.deepEqual(await alice.json('sessions', 'end', id.slice(-4)), { id });
  t.is((await elsewhere.pay('balance')).status, 4);
  t.is((await alice.pay('balance')).status, 0);
  t.is((await alice.pay('sessions', 'end', 'ses_0000000000')).status, 3);
});

test('whoever ends the session in use is logged out here as well, by its id or by the word for it', async (t) => {
  const server = await startPayServer();
  t.teardown(() => server.stop());
  const alice = await registerInside(server, 'alice', 'GBP');
  const logIn = async () => {
    const words = ['login', 'alice', '--password-stdin'];
    t.is((await runPayInside(words, alice.environment, `${password}\n`)).status, 0);
    return ((await alice.json('sessions')) as LiveSessionJson[]).find(({ current }) => current)?.id ?? '';
  };
  for (const word of [undefined, 'current']) {
    const id = await logIn();
    t.is((await alice.pay('sessions', 'end', word ?? id)).status, 0);
    t.is((await alice.pay('whoami')).status, 4);
    t.like(await alice.json('profiles'), [{ name: 'alice', loggedIn: false }]);
    t.notRegex(await readFile(join(alice.folder, 'credentials.json'), 'utf8'), /alice/);
  }
});

test('a session whose last day has passed is none, without the server being asked', async (t) => {
  const server = await startPayServer();
  t.teardown(() => server.stop());
  const alice = await registerInside(server, 'alice', 'GBP');
  const file = join(alice.folder, 'config.json');
  const config = JSON.parse(await readFile(file, 'utf8'));
  config.profiles.alice.session.expiresAt = '2020-02-29T12:00:00.000Z';
  await writeFile(file, JSON.stringify(config));
  const { status, stderr } = await alice.pay('whoami');
  t.is(status, 4);
  t.regex(stderr, /Nobody is logged in as alice on https:\S+\.\n.*pay login alice/);
  t.like(await alice.json('profiles'), [{ name: 'alice', loggedIn: false }]);
});
