import test from 'ava';
import { timeText } from '../../../server/clock.js';
import { publicId } from '../../../server/ids.js';
import { openGuarded } from '../../ledger/support/credentials.js';
import { bodyOf, codeOf } from '../../ledger/support/outcomes.js';

const dayMicros = 24 * 3600 * 1_000_000;
const asked = { tokenHash: 'a'.repeat(64), name: 'payroll', scopes: ['pay', 'read'], expiresInDays: 7 };

test('a token has its name, its scopes and its days', async (t) => {
  const { alice, decide, openSession, rows } = await openGuarded(t);
  await openSession(alice, 'hash of alice');
  const outcome = await decide(alice, 'create-token', asked);
  const [token] = await rows('tokens');
  const createdAt = token?.created_at ?? 0;
  t.is(outcome.status, 201);
  const id = publicId('tok', token?.id ?? 0);
  t.is(outcome.location, `/v1/tokens/${id}`);
  t.deepEqual(bodyOf(outcome), {
    id,
    name: 'payroll',
    scopes: ['pay', 'read'],
    createdAt: timeText(createdAt),
    expiresAt: timeText(createdAt + 7 * dayMicros),
    lastUsedAt: null,
  });
  t.like(token, { user_id: alice, token_hash: asked.tokenHash, revoked_at: null });
  t.is(token?.expires_at, createdAt + 7 * dayMicros);
});

test('a frozen account makes no token', async (t) => {
  const { alice, decide, rows, setStatus } = await openGuarded(t);
  await setStatus(alice, 'frozen');
  t.is(codeOf(await decide(alice, 'create-token', asked)), 'ACCOUNT_FROZEN');
  t.deepEqual(await rows('tokens'), []);
});

test('a user has a hundred tokens at most, those that have expired not counted, and is told of each new one', async (t) => {
  const { alice, createToken, decide, rows, writer } = await openGuarded(t);
  const first = await createToken(alice);
  for (let count = 1; count < 100; count += 1) {
    await createToken(alice);
  }
  const refused = await decide(alice, 'create-token', asked);
  t.is(codeOf(refused), 'LIMIT_EXCEEDED');
  t.like(bodyOf(refused), { limit: 100, remaining: 0, see: 'listTokens' });
  const [row] = await rows('tokens');
  const expired = Number(row?.created_at) + 1;
  await writer('tokens').where({ id: first }).update({ expires_at: expired });
  await writer('chain_heads').where({ name: 'commits' }).increment('position');
  t.is((await decide(alice, 'create-token', asked)).status, 201);
  t.is((await rows('tokens'))[0]?.revoked_at, expired);
  const told = (await rows('events')).filter(({ type }) => type === 'token.created');
  t.is(told.length, 101);
  t.like(JSON.parse(told.at(-1)?.data ?? ''), { name: 'payroll', address: '127.0.0.1' });
});

test('a token is revoked by its owner, once', async (t) => {
  const { alice, decide, createToken, rows } = await openGuarded(t);
  const [one, other] = [await createToken(alice), await createToken(alice)];
  t.is((await decide(alice, 'revoke-token', { tokenId: one })).status, 204);
  const after = await rows('tokens');
  t.deepEqual(
    after.map(({ id, revoked_at }) => [id, revoked_at === null]),
    [
      [one, false],
      [other, true],
    ],
  );
  t.is(codeOf(await decide(alice, 'revoke-token', { tokenId: one })), 'NOT_FOUND');
  t.deepEqual(await rows('tokens'), after);
});

test("somebody else's token looks as one that does not exist, and lives on", async (t) => {
  const { alice, bob, decide, createToken, rows } = await openGuarded(t);
  const tokenId = await createToken(alice);
  const ofOther = await decide(bob, 'revoke-token', { tokenId });
  const ofNobody = await decide(bob, 'revoke-token', { tokenId: tokenId + 1 });
  t.is(codeOf(ofOther), 'NOT_FOUND');
  t.deepEqual(ofOther, ofNobody);
  t.is((await rows('tokens'))[0]?.revoked_at, null);
});
