import { setTimeout as pause } from 'node:timers/promises';
import { openMaker } from '../../db/connect.js';
import { batchChannel } from '../../db/postgres/batch-function.js';
import { openChannel } from '../../db/postgres/writers/channel.js';
import { listenForBatches } from '../../db/postgres/writers/listen.js';
import { testWith } from '../support/needs.js';
import { needsPostgres } from '../support/on-postgres.js';
import { makePostgresDatabase } from '../support/postgres.js';
import { startRelay } from '../support/postgres-relay.js';
import { inTime, until } from '../support/until.js';

const test = testWith(needsPostgres);

test('however often its connection is cut as it begins to listen, a channel hears what is told once', async (t) => {
  const url = await makePostgresDatabase();
  const told: string[] = [];
  let onListening: () => void = () => {};
  const listening = new Promise<void>((resolve) => {
    onListening = resolve;
  });
  const relay = await startRelay(t, url);
  relay.breakBefore('listen pay_test', 3);
  const channel = openChannel(relay.url, 'pay_test', {
    onTold: (text) => void told.push(text),
    onListening: () => onListening(),
  });
  t.teardown(() => channel.stop());
  await inTime('a channel that listens', listening);
  // Whoever had begun to listen twice would do so by now.
  await pause(1_500);
  const other = openMaker(url);
  t.teardown(() => other.destroy());
  await other.raw("select pg_notify('pay_test', 'one')");
  await until('what was told', () => told.length > 0);
  // All that is heard of one notification is heard in the same turn.
  t.deepEqual(told, ['one']);
});

test('a number of commits is a hint of that many, and whatever else is told where commits are is one of any number', async (t) => {
  const url = await makePostgresDatabase();
  const hints: number[] = [];
  const listening = listenForBatches(url, (commits) => void hints.push(commits));
  t.teardown(() => listening.stop());
  await until('it to listen', () => hints.length > 0);
  const other = openMaker(url);
  t.teardown(() => other.destroy());
  for (const text of ['', 'hello', '-1', '1e400', '7']) {
    await other.raw('select pg_notify(?, ?)', [batchChannel, text]);
  }
  await until('what was told', () => hints.includes(7));
  const any = Number.POSITIVE_INFINITY;
  t.deepEqual(hints, [any, any, any, any, any, 7]);
});
