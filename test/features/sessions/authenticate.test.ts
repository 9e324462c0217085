import test, { type ExecutionContext } from 'ava';
import { machineMicros } from '../../../server/clock.js';
import { makeToken } from '../../../server/features/credentials/secret-token.js';
import { makeEventHub } from '../../../server/features/events/hub.js';
import { makeAuthenticator } from '../../../server/features/sessions/authenticate.js';
import type { CredentialUse } from '../../../server/features/sessions/note-uses.js';
import { publicId, rowNumber } from '../../../server/ids.js';
import { mostAheadMicros } from '../../../server/ledger/judge-credential.js';
import { makeDatabaseFile, openReadersOf, openWriterOf } from '../../db/support/database.js';
import { openObservedLedger } from '../../ledger/support/observed-ledger.js';
import { ruleNamed } from '../../ledger/support/rule-named.js';
import { usualLifetimes } from '../../support/usual-lifetimes.js';

const passwordHash = 'a hash';
const caller = { userId: null, isPerson: true, address: '127.0.0.1', requestId: 'test' };

/** A real ledger whose notices reach a real authenticator, that goes by a clock of the test's; the server has others beside it unless it is alone. */
async function openHouse(t: ExecutionContext, { isAlone = false } = {}) {
  const file = await makeDatabaseFile(t);
  const writer = openWriterOf(t, file);
  const readers = openReadersOf(t, file);
  const hub = makeEventHub();
  const clock = { offsetMicros: 0 };
  const place: { taken: number | undefined } = { taken: 1 };
  const noted: CredentialUse[] = [];
  const ledger = await openObservedLedger(t, writer, hub);
  const { authenticate, forget, cachedCount } = makeAuthenticator(
    readers,
    () => machineMicros() + clock.offsetMicros,
    { note: (use) => void noted.push(use) },
    isAlone ? undefined : place,
  );
  hub.onNotice(forget);

  async function decide(rule: string, input: unknown, userId: number | null = null): Promise<{ id: string }> {
    const { status, json } = await ledger.decide({
      rule: ruleNamed(rule),
      input,
      caller: { ...caller, userId },
    });
    t.true(status < 300, json);
    return status === 204 ? { id: '' } : JSON.parse(json);
  }

  async function newUser(username: string, role = 'user') {
    const email = `${username}@example.org`;
    const registration = { username, email, displayName: null, passwordHash, currency: 'GBP', role };
    const made = await decide('register-user', { ...registration, openingCredit: 0 });
    const id = rowNumber('usr', made.id) ?? 0;
    const { token, hash } = makeToken('pay_ses_');
    await decide('open-session', {
      userId: id,
      tokenHash: hash,
      passwordHash,
      lifetimes: usualLifetimes,
      guesses: [],
    });
    return { id, username, token };
  }

  return { authenticate, forget, cachedCount, clock, place, noted, decide, newUser, writer };
}

type House = Awaited<ReturnType<typeof openHouse>>;

/** Asks until the answer comes at once, which shows that it is kept. */
async function keep({ authenticate }: House, token: string) {
  const viewer = await authenticate(token);
  const again = authenticate(token);
  return again instanceof Promise ? undefined : { viewer: again, isSame: again === viewer };
}

test('who calls is looked up once, and known at once from then on', async (t) => {
  const house = await openHouse(t);
  const { id, token } = await house.newUser('alice');
  const known = await keep(house, token);
  t.true(known?.isSame);
  t.is(known?.viewer?.userId, id);
  t.is(house.cachedCount(), 1);
});

test('that a token is used is noted when it is looked up, not at each request', async (t) => {
  const house = await openHouse(t);
  const { token } = await house.newUser('alice');
  await keep(house, token);
  for (let count = 0; count < 20; count += 1) {
    await house.authenticate(token);
  }
  t.is(house.noted.length, 1);
  house.clock.offsetMicros = 11_000_000;
  await house.authenticate(token);
  t.is(house.noted.length, 2);
  t.like(house.noted[1], { kind: 'session' });
});

for (const { isAlone, seconds } of [
  { isAlone: true, seconds: 30 },
  { isAlone: false, seconds: 5 },
]) {
  test(`a server ${isAlone ? 'alone on' : 'that shares'} its books keeps a caller in mind for ${seconds} s`, async (t) => {
    const house = await openHouse(t, { isAlone });
    const { token } = await house.newUser('alice');
    await keep(house, token);
    // Some of the time has passed by itself.
    house.clock.offsetMicros = (seconds - 2) * 1_000_000;
    t.false(house.authenticate(token) instanceof Promise);
    house.clock.offsetMicros = seconds * 1_000_000;
    const asked = house.authenticate(token);
    t.true(asked instanceof Promise);
    t.truthy(await asked);
  });
}

test('a session that is left alone ends, though its days are not over', async (t) => {
  const house = await openHouse(t);
  const { token } = await house.newUser('alice');
  house.clock.offsetMicros = usualLifetimes.idleMicros - 60_000_000;
  t.truthy(await house.authenticate(token));
  house.clock.offsetMicros = usualLifetimes.idleMicros + 60_000_000;
  t.is(await house.authenticate(token), undefined);
});

test('who was looked up at a time that is yet to come, since the clock was put back, is looked up anew', async (t) => {
  const house = await openHouse(t);
  const { token } = await house.newUser('alice');
  await keep(house, token);
  house.clock.offsetMicros = -60_000_000;
  const asked = house.authenticate(token);
  t.true(asked instanceof Promise);
  t.truthy(await asked);
});

test('a session of a clock that was ahead does not last until then: it counts for nobody once the clock is right', async (t) => {
  const house = await openHouse(t);
  const { token } = await house.newUser('alice');
  house.clock.offsetMicros = 60_000_000 - mostAheadMicros;
  t.truthy(await house.authenticate(token), 'clocks are off by hours');
  house.clock.offsetMicros = -60_000_000 - mostAheadMicros;
  t.is(await house.authenticate(token), undefined);
});

test('a token that nobody has is not kept in mind, however often it is tried', async (t) => {
  const house = await openHouse(t);
  t.is(await house.authenticate(makeToken('pay_ses_').token), undefined);
  t.is(await house.authenticate('nonsense'), undefined);
  t.is(house.cachedCount(), 0);
});

test('a session that was kept is dead as soon as its end is durable', async (t) => {
  const house = await openHouse(t);
  const { id, token } = await house.newUser('alice');
  const known = await keep(house, token);
  const sessionId = known?.viewer?.credential.id;
  await house.decide('end-session', { userId: id, sessionId }, id);
  t.is(await house.authenticate(token), undefined);
  t.is(house.cachedCount(), 0);
});

test('a personal token that was kept is dead as soon as it is revoked', async (t) => {
  const house = await openHouse(t);
  const { id, token } = await house.newUser('alice');
  const sessionId = (await keep(house, token))?.viewer?.credential.id;
  const script = makeToken('pay_pat_');
  const input = { name: 'script', scopes: ['read'], expiresInDays: 1 };
  const made = await house.decide(
    'create-token',
    { userId: id, sessionId, tokenHash: script.hash, ...input },
    id,
  );
  t.deepEqual((await keep(house, script.token))?.viewer?.credential.scopes, ['read']);
  await house.decide('revoke-token', { userId: id, tokenId: rowNumber('tok', made.id) }, id);
  t.is(await house.authenticate(script.token), undefined);
});

test('a change of role holds for the very next request, both ways, and touches nobody else', async (t) => {
  const house = await openHouse(t);
  const root = await house.newUser('root', 'admin');
  const alice = await house.newUser('alice');
  await keep(house, alice.token);
  await keep(house, root.token);
  for (const role of ['admin', 'user'] as const) {
    await house.decide('change-user', { username: 'alice', role, reason: 'because' }, root.id);
    t.is(house.cachedCount(), 1);
    t.is((await keep(house, alice.token))?.viewer?.role, role);
  }
});

test('all sessions of a user are dead as soon as an administrator has reset the password', async (t) => {
  const house = await openHouse(t);
  const root = await house.newUser('root', 'admin');
  const alice = await house.newUser('alice');
  await keep(house, alice.token);
  const input = { username: 'alice', passwordHash: 'another', reason: 'lost' };
  await house.decide('reset-password', input, root.id);
  t.is(await house.authenticate(alice.token), undefined);
});

test('what was looked up before the word of a change, and found after it, is not kept', async (t) => {
  const house = await openHouse(t);
  const { id, token } = await house.newUser('alice');
  const look = house.authenticate(token);
  house.forget({ endedCredentialIds: [], changedUserIds: [publicId('usr', id)] });
  t.is((await look)?.userId, id);
  t.is(house.cachedCount(), 0);
});

test('a look that is under way when its session ends is not kept', async (t) => {
  const house = await openHouse(t);
  const { id, token } = await house.newUser('alice');
  const sessionId = (await house.authenticate(token))?.credential.id;
  for (let round = 0; round < 20; round += 1) {
    const other = await house.newUser(`other${round}`);
    const otherSession = (await house.authenticate(other.token))?.credential.id;
    // Older than an entry may be, so that it is looked for again while its session ends.
    house.clock.offsetMicros += 11_000_000;
    const looks = Array.from({ length: 5 }, () => house.authenticate(other.token));
    await house.decide('end-session', { userId: other.id, sessionId: otherSession }, other.id);
    const late = house.authenticate(other.token);
    await Promise.all(looks);
    t.is(await late, undefined);
    t.is(await house.authenticate(other.token), undefined);
  }
  await house.decide('end-session', { userId: id, sessionId }, id);
  t.is(await house.authenticate(token), undefined);
});

test('a session that is kept still ends when its time is over', async (t) => {
  const house = await openHouse(t);
  const { token } = await house.newUser('alice');
  await house.writer('sessions').update({ expires_at: machineMicros() + 2_000_000 });
  t.truthy((await keep(house, token))?.viewer);
  house.clock.offsetMicros = 2_000_000;
  t.is(await house.authenticate(token), undefined);
});

test('a server that has lost its place among others trusts nothing that it kept, nor keeps anything, until it has one again', async (t) => {
  const house = await openHouse(t);
  const { token } = await house.newUser('alice');
  await keep(house, token);
  t.is(house.cachedCount(), 1);
  house.place.taken = undefined;
  for (const role of ['admin', 'user', 'admin'] as const) {
    await house.writer('users').update({ role });
    t.is((await house.authenticate(token))?.role, role);
    t.is(house.cachedCount(), 0);
  }
  house.place.taken = 2;
  await keep(house, token);
  t.is(house.cachedCount(), 1);
  // Lost and had again between two requests.
  house.place.taken = 3;
  await house.writer('users').update({ role: 'user' });
  t.is((await house.authenticate(token))?.role, 'user');
});

test('an answer that was long on its way counts from when it was asked for', async (t) => {
  const house = await openHouse(t);
  const { token } = await house.newUser('alice');
  await house.authenticate(token);
  house.clock.offsetMicros = 20_000_000;
  const looking = house.authenticate(token);
  house.clock.offsetMicros = 30_000_000;
  t.is((await looking)?.role, 'user');
  await house.writer('users').update({ role: 'admin' });
  t.is((await house.authenticate(token))?.role, 'admin');
});

test('what somebody changes in the database behind a server that shares it holds five seconds later at the latest', async (t) => {
  const house = await openHouse(t);
  const { token } = await house.newUser('alice');
  await keep(house, token);
  await house.writer('users').update({ role: 'admin' });
  t.is((await house.authenticate(token))?.role, 'user');
  house.clock.offsetMicros = 5_000_000;
  t.is((await house.authenticate(token))?.role, 'admin');
});
