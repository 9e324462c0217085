import test from 'ava';
import { findWebhooksBehind } from '../../../server/features/webhooks/delivery-store.js';
import { makeDatabaseFile, openWriterOf } from '../../db/support/database.js';
import { delivery, event, webhook, writeStory } from '../../db/support/rows.js';

test('a webhook that a thousand deliveries are pending of gets no more, until one of them is done', async (t) => {
  const writer = openWriterOf(t, await makeDatabaseFile(t));
  await writeStory(writer);
  const events = Array.from({ length: 1_001 }, (_, index) => ({ ...event, id: event.id + 1 + index }));
  await writer.batchInsert('events', events, 100);
  const behind = async () => (await findWebhooksBehind(writer, 10)).map(({ id }) => id);
  const pending = events.map(({ id }, index) => ({
    ...delivery,
    ...{ id: delivery.id + 1 + index, event_id: id, status: 'pending', attempts: 0 },
    ...{ next_attempt_at: 5, last_attempt_at: null, last_status: null },
  }));
  await writer.batchInsert('deliveries', pending.slice(0, 999), 50);
  t.deepEqual(await behind(), [webhook.id]);
  await writer.batchInsert('deliveries', pending.slice(999, 1_000), 50);
  t.deepEqual(await behind(), []);
  await writer('deliveries')
    .where({ id: delivery.id + 500 })
    .update({
      status: 'delivered',
      next_attempt_at: null,
      last_attempt_at: 6,
      last_status: 200,
    });
  t.deepEqual(await behind(), [webhook.id]);
});
