import { setTimeout } from 'node:timers/promises';
import test from 'ava';
import { openWriter } from '../../db/connect.js';
import { payment, registration } from './support/callers.js';
import { codeOf, numberOf } from './support/outcomes.js';
import { openRealBooks } from './support/real-books.js';

test('however often another writer moves the books, each decision is made once', async (t) => {
  const { ledger, rows, writer } = await openRealBooks(t);
  const [main] = await writer.raw('PRAGMA database_list');
  const other = openWriter(String(main.file));
  t.teardown(() => other.destroy());
  let isOver = false;
  async function moveOn(): Promise<void> {
    while (!isOver) {
      await other('chain_heads').where({ name: 'commits' }).increment('position');
      await setTimeout(5);
    }
  }
  const moving = moveOn();
  const registerMany = async (lane: number) => {
    const statuses: number[] = [];
    for (let count = 0; count < 20; count += 1) {
      statuses.push((await ledger.decide(registration(`user-${lane}-${count}`))).status);
    }
    return statuses;
  };
  const statuses = await Promise.all(Array.from({ length: 20 }, (_, lane) => registerMany(lane)));
  isOver = true;
  await moving;
  t.true(statuses.flat().every((status) => status === 201));
  t.is((await rows('users')).length, 400);
});

test('what would be refused over books that others have moved is decided by what they are now', async (t) => {
  const { ledger, setStatus } = await openRealBooks(t);
  const outcomes = [await ledger.decide(registration('alice')), await ledger.decide(registration('bob'))];
  const [alice = 0] = outcomes.map((outcome) => numberOf('usr', outcome));
  // Without a key a refusal writes nothing, which would show that the books have moved.
  const pay = () => ledger.decide(payment(alice, 'bob'));
  await setStatus(alice, 'frozen');
  t.is(codeOf(await pay()), 'ACCOUNT_FROZEN');
  t.is(codeOf(await pay()), 'ACCOUNT_FROZEN');
  await setStatus(alice, 'active');
  t.is((await pay()).status, 201);
});
