import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { type Client, makeClient } from '../../api/support/client.js';
import { readContract } from '../../api/support/contract.js';
import { goodPassword, logIn, register as registerPupil } from '../../api/support/people.js';
import { startPayServer } from '../../support/server-process.js';
import { registerInside } from '../support/person.js';
import { runInTerminal, type TerminalRun } from '../support/terminal.js';

interface Pupil {
  readonly username: string;
  readonly token: string;
}

async function newClass(client: Client, count: number): Promise<readonly Pupil[]> {
  const usernames = Array.from({ length: count }, (_, place) => `pupil${place + 1}`);
  return Promise.all(
    usernames.map(async (username) => {
      await registerPupil(client, { username, currency: 'GBP' });
      return { username, token: await logIn(client, username, goodPassword) };
    }),
  );
}

async function payTrip({ ask }: Client, { token }: Pupil): Promise<number> {
  const [request] = (await ask('/v1/requests?direction=incoming', { token })).json.data;
  const accepted = await ask(`/v1/requests/${request.id}/accept`, {
    ...{ method: 'POST', token, key: randomUUID() },
  });
  return accepted.status;
}

const inboxOf = async ({ ask }: Client, { token }: Pupil): Promise<readonly string[]> =>
  (await ask('/v1/notifications', { token })).json.data.map(({ type }: { readonly type: string }) => type);

/** Answers a question of the terminal with yes, and gives the exit status. */
async function agree(run: TerminalRun, question: RegExp): Promise<number> {
  await run.sees(question);
  run.type('y\r');
  return run.ended;
}

test('a class of 28 is collected from, pays half, is reminded and closed, in a terminal', async (t) => {
  t.timeout(180_000);
  const server = await startPayServer();
  const ca = await readFile(join(server.dataDir, 'tls.crt'), 'utf8');
  const client = makeClient({ url: server.url, ca, contract: await readContract(server.url, ca) });
  t.teardown(async () => {
    await client.close();
    await server.stop();
  });
  const teacher = await registerInside(server, 'teacher', 'GBP');
  const pupils = await newClass(client, 28);
  const file = join(teacher.folder, 'class.csv');
  const rows = pupils.map(({ username }, place) => `${place + 1};Pupil, the ${place + 1}th;${username}\r\n`);
  await writeFile(file, `\ufeffno;name;username\r\n${rows.join('')}`);
  const inTerminal = (...words: string[]) => runInTerminal(words, teacher.environment);

  const collecting = inTerminal('collect', 'trip', '45', '--from-file', file);
  t.is(await agree(collecting, /Ask these 28\?/), 0, collecting.text());
  t.regex(collecting.text(), /45\.00 GBP, asked of 28 people/);
  t.regex(collecting.text(), /together +1,260\.00 GBP/);
  t.regex(collecting.text(), /✓ Asked 28 people for trip\./);
  const again = inTerminal('collect', 'Trip', '45', '--from-file', file, '--yes');
  t.is(await again.ended, 0);
  t.regex(again.text(), /Nobody new is asked for trip; 28 people had been asked before\./);

  const [half, rest] = [pupils.slice(0, 14), pupils.slice(14)];
  t.deepEqual(new Set(await Promise.all(half.map((pupil) => payTrip(client, pupil)))), new Set([200]));
  const listing = inTerminal('collections');
  t.is(await listing.ended, 0);
  t.regex(listing.text(), /trip +14 of 28 +█████░░░░░\r\n +630\.00 of 1,260\.00 GBP +ends in 30 days/);
  const showing = inTerminal('collections', 'show', 'trip');
  t.is(await showing.ended, 0, showing.text());
  t.is(showing.text().match(/^pupil\d+ +paid +45\.00 GBP/gm)?.length, 14);
  t.is(showing.text().match(/^pupil\d+ +pending +45\.00 GBP/gm)?.length, 14);

  const reminding = inTerminal('collections', 'remind', 'trip');
  t.is(await reminding.ended, 0);
  t.regex(reminding.text(), /✓ Reminded 14 people:/);
  const pestering = inTerminal('collections', 'remind', 'trip');
  t.is(await pestering.ended, 1);
  t.regex(pestering.text(), /They were reminded less than a day ago\./);

  const closing = inTerminal('collections', 'close', 'trip');
  t.is(await agree(closing, /Close trip\? 14 have not answered/), 0);
  t.regex(closing.text(), /Closed trip: 14 of 28 have paid, 630\.00 GBP came in; 14 people\s+need\s+not/);
  t.like(await teacher.json('collections', 'show', 'trip'), {
    ...{ status: 'closed', collected: { amount: '630.00', currency: 'GBP' } },
    counts: { paid: 14, pending: 0, declined: 0, cancelled: 14, expired: 0 },
  });
  t.like(await teacher.json('balance'), { amount: '1630.00' });
  for (const pupil of rest) {
    t.deepEqual(await inboxOf(client, pupil), ['request.cancelled', 'request.reminded', 'request.received']);
  }
  for (const pupil of half) {
    t.deepEqual(await inboxOf(client, pupil), ['request.received']);
  }
});
