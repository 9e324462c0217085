import { rm, stat, truncate } from 'node:fs/promises';
import type { ExecutionContext } from 'ava';
import { needsMount, testWith } from '../support/needs.js';
import { assertWhole, readBooks, transfersOf } from './support/books.js';
import { balanceOf, logIn, makeClient } from './support/client.js';
import { startLoad } from './support/load.js';
import { startServer } from './support/server.js';
import { fillDisk, makeSmallDisk } from './support/small-disk.js';

/** A server on a disk of so many megabytes, with three who pay each other. */
async function startOnSmallDisk(t: ExecutionContext, megabytes: number) {
  const data = await makeSmallDisk(t, megabytes);
  const server = await startServer(t, data);
  const client = await makeClient(t, server);
  const users = await Promise.all(['alice', 'bob', 'carol'].map((name) => client.register(name)));
  return { data, server, client, users };
}

testWith(needsMount)(
  'while the disk is full payments are refused and reads go on; with room again nothing is lost',
  async (t) => {
    const data = await makeSmallDisk(t);
    const server = await startServer(t, data);
    const client = await makeClient(t, server);
    const alice = await client.register('alice');
    const bob = await client.register('bob');
    t.is((await client.pay(alice, bob, '1.00', 'before')).status, 201);
    const ballast = await fillDisk(data);

    // The log has some room of its own left; what fits into it is paid.
    let paid = 1;
    let refused = await client.pay(alice, bob, '1.00', `full-${paid}`);
    for (
      ;
      refused.status === 201 && paid < 500;
      refused = await client.pay(alice, bob, '1.00', `full-${paid}`)
    ) {
      paid += 1;
    }
    t.is(refused.status, 503);
    t.is(refused.code, 'STORAGE_UNAVAILABLE');
    t.truthy(refused.headers['retry-after']);
    const others = await Promise.all([1, 2, 3, 4].map((n) => client.pay(bob, alice, '2.00', `other-${n}`)));
    t.deepEqual(
      others.map(({ code }) => code),
      Array(4).fill('STORAGE_UNAVAILABLE'),
    );
    t.is((await logIn(client, alice)).code, 'STORAGE_UNAVAILABLE');
    t.is(await balanceOf(client, alice), 100_000 - paid * 100);
    t.is(await balanceOf(client, bob), 100_000 + paid * 100);
    t.is((await client.ask('GET', '/v1/payments', { token: bob.token })).status, 200);
    t.is((await client.ask('GET', '/readyz')).code, 'STORAGE_UNAVAILABLE');
    assertWhole(t, await readBooks(data));

    await rm(ballast);
    t.is((await client.pay(alice, bob, '1.00', `full-${paid}`)).status, 201);
    t.is((await client.pay(bob, alice, '2.00', 'other-1')).status, 201);
    t.is((await client.pay(alice, bob, '1.00', 'before')).headers['idempotency-replayed'], 'true');
    t.is((await logIn(client, alice)).status, 201);
    t.is(await server.stop(), 0);
    const books = await readBooks(data);
    assertWhole(t, books);
    t.is(transfersOf(books).length, paid + 2);
  },
);

testWith(needsMount)(
  'a log never takes the room that it is copied into, so that payments go on where the database itself is small',
  async (t) => {
    const { data, server, client, users } = await startOnSmallDisk(t, 32);
    const load = startLoad(client, users, 16);
    // More than twice as much log as there is room.
    await load.answered(5_000);
    const statuses = (await load.finish()).map(({ reply }) => reply?.status);
    t.deepEqual(
      statuses.filter((status) => status !== 201 && status !== 409),
      [],
    );
    t.is(await server.stop(), 0);
    const books = await readBooks(data);
    assertWhole(t, books);
    t.is(transfersOf(books).length, statuses.filter((status) => status === 201).length);
  },
);

testWith(needsMount)(
  'a long log on a full disk is copied once there is room, and payments do not take all of that for more of it',
  async (t) => {
    const { data, server, client, users } = await startOnSmallDisk(t, 64);
    const before = startLoad(client, users, 16);
    await before.answered(1_000);
    await before.finish();
    const ballast = await fillDisk(data);
    const full = startLoad(client, users, 16);
    // More than what the log has room for already, where it was begun anew just before.
    await full.answered(2_000);
    const refused = (await full.finish()).filter(({ reply }) => reply?.status === 503);
    t.true(refused.length > 0);
    // Until looks at a log that stays as it is have grown rare.
    await new Promise((resolve) => setTimeout(resolve, 1_500));

    await truncate(ballast, (await stat(ballast)).size - 24_000_000);
    // Those who come first may still be refused; more log than there is room for has been written by those who follow.
    const first = startLoad(client, users, 32);
    await first.answered(500);
    await first.finish();
    const after = startLoad(client, users, 32);
    await after.answered(2_500);
    const statuses = (await after.finish()).map(({ reply }) => reply?.status);
    t.deepEqual(
      statuses.filter((status) => status !== 201 && status !== 409),
      [],
    );
    t.is(await server.stop(), 0);
    const books = await readBooks(data);
    assertWhole(t, books);
    const paid = [...before.attempts, ...full.attempts, ...first.attempts, ...after.attempts].filter(
      ({ reply }) => reply?.status === 201,
    );
    t.is(transfersOf(books).length, paid.length);
  },
);

testWith(needsMount)(
  'a start on a full disk says so, and makes a whole database once there is room',
  async (t) => {
    const data = await makeSmallDisk(t);
    const ballast = await fillDisk(data);
    const error = await t.throwsAsync(startServer(t, data));
    t.regex(error?.message ?? '', /did not get ready \(1\): pay-server: There is no room on the disk for /);
    t.is(error?.message.trim().split('\n').length, 1);
    await rm(ballast);
    const server = await startServer(t, data);
    t.is(await server.stop(), 0);
  },
);
