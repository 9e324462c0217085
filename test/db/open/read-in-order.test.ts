import test from 'ava';
import { readInOrder } from '../../../db/open/read-in-order.js';
import { openSnapshot, type Snapshot } from '../../../db/open/snapshot.js';
import type { EventRow } from '../../../db/tables/events.js';
import type { EntryRow, PaymentRow } from '../../../db/tables/payments.js';
import { tables } from '../../../db/tables.js';
import { makeDatabaseFile, openWriterOf } from '../support/database.js';
import { credit, debit, event, payment, writeStory } from '../support/rows.js';

const events = { table: 'events', key: ['user_id', 'id'] } as const;
const { columns } = tables.events;

test('all rows are read once, in the order of their key, across pages', async (t) => {
  const file = await makeDatabaseFile(t);
  const writer = openWriterOf(t, file);
  await writeStory(writer);
  const more = Array.from({ length: 2_500 }, (_, number) => ({
    ...event,
    id: event.id + 1 + number,
    data: JSON.stringify({ memo: `„${number}” \\ "\n\u0001 🍕` }),
  }));
  await writer.batchInsert('events', more.toReversed(), 100);
  const snapshot = await openSnapshot(file);
  t.teardown(() => snapshot.close());
  const read: EventRow[] = [];
  let pages = 0;
  for await (const page of readInOrder<EventRow>(snapshot, events)) {
    pages += 1;
    read.push(...page);
  }
  t.deepEqual(read, [event, ...more]);
  t.true(pages > 1);
  const entries: EntryRow[] = [];
  const reading = {
    table: 'entries',
    key: ['account_id', 'kind', 'payment_id'],
  } as const;
  for await (const page of readInOrder<EntryRow>(snapshot, { ...reading, where: 't.line > 1' })) {
    entries.push(...page);
  }
  t.deepEqual(entries, [credit]);
  t.not(entries[0]?.line, debit.line);
});

test('hashes are read in hexadecimal, and what is joined to a row with it', async (t) => {
  const file = await makeDatabaseFile(t);
  await writeStory(openWriterOf(t, file));
  const snapshot = await openSnapshot(file);
  t.teardown(() => snapshot.close());
  const lines = 'json((select json_group_array(e.line) from entries as e where e.payment_id = t.id))';
  const reading = { table: 'payments', key: ['id'], joined: { lines } } as const;
  const { value: page } = await readInOrder<PaymentRow & { readonly lines: readonly number[] }>(
    snapshot,
    reading,
  ).next();
  t.deepEqual(page, [{ ...payment, lines: [1, 2] }]);
});

test('a snapshot stays as it was while others write', async (t) => {
  const file = await makeDatabaseFile(t);
  const writer = openWriterOf(t, file);
  await writeStory(writer);
  const snapshot = await openSnapshot(file);
  t.teardown(() => snapshot.close());
  await writer('events').insert({ ...event, id: 2 });
  const { value: page } = await readInOrder<EventRow>(snapshot, events).next();
  t.deepEqual(page, [event]);
  await t.throwsAsync(snapshot.raw('delete from inboxes'), { message: /readonly/ });
});

test('a page that fails while the one before is looked at fails where it is awaited, and nowhere else', async (t) => {
  const unheard: unknown[] = [];
  const note = (error: unknown) => void unheard.push(error);
  process.on('unhandledRejection', note);
  t.teardown(() => process.off('unhandledRejection', note));
  let pages = 0;
  const failing = {
    client: { dialect: 'sqlite3' },
    async raw() {
      pages += 1;
      if (pages > 1) {
        throw new Error('interrupted');
      }
      return [Object.fromEntries(columns.map((column) => [column, JSON.stringify([event[column]])]))];
    },
  } as unknown as Snapshot;
  const reading = readInOrder<EventRow>(failing, events);
  t.deepEqual((await reading.next()).value, [event]);
  await new Promise((resolve) => setTimeout(resolve, 20));
  t.deepEqual(unheard, []);
  await t.throwsAsync(reading.next(), { message: 'interrupted' });
});
