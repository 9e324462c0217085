import test, { type ExecutionContext } from 'ava';
import type { Knex } from 'knex';
import type { Database } from '../../../db/connect.js';
import {
  countRequests,
  listRequests,
  type RequestFilters,
} from '../../../server/features/requests/request-store.js';
import { makeDatabaseFile, openWriterOf } from '../../db/support/database.js';
import { alice, writeStory } from '../../db/support/rows.js';
import { registration } from '../../ledger/support/callers.js';
import { openRealBooks } from '../../ledger/support/real-books.js';

const names = ['alice', 'bob', 'carol', 'dave'];
const howMany = 600;

/** Requests among four people, each with each; every seventh is pending. */
const requests = Array.from({ length: howMany }, (_, index) => {
  const requester = index % 4;
  const payer = (requester + 1 + (index % 3)) % 4;
  const isPending = index % 7 === 0;
  return {
    ...{ id: index + 1, requester_id: requester + 1, payer_id: payer + 1, amount: 100, currency: 'GBP' },
    ...{
      status: isPending ? 'pending' : 'cancelled',
      act: 1,
      created_at: 1_000 + index,
      expires_at: 1_000_000,
    },
    closed_at: isPending ? null : 5_000,
  };
});

async function openRequests(t: ExecutionContext): Promise<Database> {
  const { ledger, writer } = await openRealBooks(t);
  for (const name of names) {
    await ledger.decide(registration(name));
  }
  await writer.batchInsert('requests', requests, 50);
  return writer;
}

/** The numbers of requests that a list has to hold, found by looking at all. */
function wanted(userId: number, filters: RequestFilters, after: string | undefined): readonly number[] {
  const { direction, status, sinceMicros = 0, untilMicros = Infinity } = filters;
  const isOther = (id: number) => filters.with === undefined || names[id - 1] === filters.with;
  return requests
    .filter(
      (one) =>
        ((direction !== 'incoming' && one.requester_id === userId && isOther(one.payer_id)) ||
          (direction !== 'outgoing' && one.payer_id === userId && isOther(one.requester_id))) &&
        (status === undefined || one.status === status) &&
        one.created_at >= sinceMicros &&
        one.created_at < untilMicros &&
        one.id < Number(after ?? Infinity),
    )
    .map(({ id }) => id)
    .reverse();
}

test('a page of requests is the newest of both directions that the filters leave', async (t) => {
  const readers = await openRequests(t);
  for (const direction of [undefined, 'incoming', 'outgoing'] as const) {
    for (const other of [undefined, 'bob', 'alice', 'nobody']) {
      for (const rest of [{}, { status: 'pending' }, { sinceMicros: 1_200, untilMicros: 1_400 }] as const) {
        for (const after of [undefined, '300']) {
          const filters = { direction, with: other, ...rest };
          const all = wanted(1, filters, after);
          const list = await listRequests(readers, 1, filters, { after, limit: 21 });
          const what = JSON.stringify({ ...filters, after });
          t.deepEqual(
            list.map(({ request }) => request.id),
            all.slice(0, 21),
            what,
          );
          t.is(
            await countRequests(readers, 1, filters, { after, limit: 90 }),
            Math.min(90, all.length),
            what,
          );
          for (const { request, requester, payer } of list) {
            t.deepEqual([requester, payer], [names[request.requester_id - 1], names[request.payer_id - 1]]);
          }
        }
      }
    }
  }
});

test('a page of requests is read in the order of an index, not sorted out of all that somebody has', async (t) => {
  const readers = openWriterOf(t, await makeDatabaseFile(t));
  await writeStory(readers);
  const asked: { readonly sql: string; readonly bindings: readonly Knex.RawBinding[] }[] = [];
  readers.on('query', (query) => asked.push(query));
  const page = { after: undefined, limit: 21 };
  await listRequests(readers, alice.id, {}, page);
  await listRequests(readers, alice.id, { direction: 'incoming' }, { ...page, after: '300' });
  await listRequests(readers, alice.id, { with: 'bob' }, page);
  const lists = asked.filter(({ sql }) => sql.includes('requests'));
  const directions: number[] = [];
  for (const { sql, bindings } of lists) {
    const steps: { detail: string }[] = await readers.raw(`explain query plan ${sql}`, bindings);
    const plan = steps.map(({ detail }) => detail).join('\n');
    // What is sorted after that is a page of each direction.
    const inOrder = /CO-ROUTINE part\nSEARCH q USING INDEX requests_\w+ \([^\n]+\)\nSCAN part/g;
    const found = plan.match(inOrder)?.length ?? 0;
    directions.push(found);
    t.is(plan.split('SEARCH q ').length - 1, found, plan);
  }
  t.deepEqual(directions, [2, 1, 2]);
});
