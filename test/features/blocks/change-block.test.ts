import test from 'ava';
import { bodyOf } from '../../ledger/support/outcomes.js';
import type { Act } from '../requests/support/act.js';
import { isRefused } from '../requests/support/refused.js';
import { makeWorld, pounds } from '../requests/support/world.js';

const block = { is: 'block', by: 'bob', whom: 'alice' } as const satisfies Act;
const unblock = { ...block, is: 'unblock' } as const satisfies Act;
const pay = { is: 'pay', by: 'alice', to: 'bob', money: pounds(1_000) } as const satisfies Act;

test('whoever is blocked cannot pay, and is not told that it is a block', (t) => {
  const world = makeWorld();
  t.is(world.do(block).status, 204);
  t.notRegex(isRefused(t, world, pay, 'RECIPIENT_UNAVAILABLE').json, /block/i);
  t.is(world.do({ ...pay, to: 'carol' }).status, 201);
  t.is(world.do({ ...pay, by: 'carol' }).status, 201);
});

test('a block holds both ways: who blocks cannot pay either, and is told that it is their block', (t) => {
  const world = makeWorld();
  world.do(block);
  const refusal = isRefused(t, world, { ...pay, by: 'bob', to: 'alice' }, 'RECIPIENT_UNAVAILABLE');
  t.is(bodyOf(refusal).see, 'listBlocks');
  world.do({ ...block, by: 'alice', whom: 'bob' });
  world.do(unblock);
  t.notRegex(isRefused(t, world, { ...pay, by: 'bob', to: 'alice' }, 'RECIPIENT_UNAVAILABLE').json, /block/i);
  world.do({ ...unblock, by: 'alice', whom: 'bob' });
  t.is(world.do({ ...pay, by: 'bob', to: 'alice' }).status, 201);
});

test('a block tells nobody and moves nothing', (t) => {
  const world = makeWorld();
  const before = world.balances();
  world.do(block);
  world.do(unblock);
  t.is(world.tables.events.length, 0);
  t.deepEqual(world.balances(), before);
});

test('to say the same twice changes nothing, not even since when', (t) => {
  const world = makeWorld();
  t.is(world.do(unblock).status, 204);
  t.deepEqual(world.tables.blocks, []);
  world.do(block);
  const [blocked] = structuredClone(world.tables.blocks);
  t.is(world.do(block).status, 204);
  t.deepEqual(world.tables.blocks, [blocked]);
  world.do(unblock);
  const [ended] = structuredClone(world.tables.blocks);
  t.is(world.do(unblock).status, 204);
  t.deepEqual(world.tables.blocks, [ended]);
});

test('who was blocked and is not any more can pay, until blocked again', (t) => {
  const world = makeWorld();
  for (let count = 0; count < 3; count += 1) {
    world.do(block);
    isRefused(t, world, pay, 'RECIPIENT_UNAVAILABLE');
    world.do(unblock);
    t.is(world.do(pay).status, 201);
  }
  t.is(world.tables.blocks.length, 1);
});

test('nobody can block themselves, or somebody who is not there', (t) => {
  const world = makeWorld();
  isRefused(t, world, { ...block, whom: 'bob' }, 'NOT_FOUND');
  const input = { userId: world.idOf('bob'), username: 'nobody', isBlocked: true };
  isRefused(t, world, block, 'NOT_FOUND', { input });
});

test('of a payment and a block at the same instant the first decides', (t) => {
  for (const acts of [
    [pay, block],
    [block, pay],
  ]) {
    const world = makeWorld();
    const outcomes = world.doTogether(acts);
    const isPaid = acts[0] === pay;
    t.is(outcomes[isPaid ? 0 : 1]?.status, isPaid ? 201 : 409);
    t.is(world.balances().alice, isPaid ? 99_000 : 100_000);
  }
});
