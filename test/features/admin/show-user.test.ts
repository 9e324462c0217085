import test from 'ava';
import { openPatientReaders } from '../../../db/connect.js';
import { showUserRoute } from '../../../server/features/admin/user-routes.js';
import { findUserSummary } from '../../../server/features/admin/user-summary-store.js';
import { makeLists } from '../../../server/features/lists/lists.js';
import { makeCursors } from '../../../server/http/answer/cursor.js';
import { payment, registration } from '../../ledger/support/callers.js';
import { makeDatabaseFile, openRealBooks } from '../../ledger/support/real-books.js';

test('a user is counted up in the turn of whoever asks, and on the connections of lists alone', async (t) => {
  const readers = openPatientReaders(await makeDatabaseFile(t), 1, 60_000);
  t.teardown(() => readers.destroy());
  const one = { ofOne: 1, inAll: 1 };
  const shares = { lists: one, listsWaiting: { ofOne: 0, inAll: 0 }, exports: one };
  const lists = makeLists({ readers, cursors: makeCursors('secret'), shares });
  const route = showUserRoute({ lists, machineMicros: () => 1_795_370_400_000_000 });
  const address = '192.0.2.1';
  const call = { viewer: { userId: 1 }, address, params: { username: 'alice' } };
  const show = () => route.handle(call as Parameters<typeof route.handle>[0]);
  let finish = () => {};
  const other = lists.inTurn(
    { userId: 1, address },
    () => new Promise<void>((resolve) => (finish = resolve)),
  );
  t.like(await t.throwsAsync(show()), { code: 'RATE_LIMITED' });
  finish();
  await other;
  t.like(await t.throwsAsync(show()), { code: 'NOT_FOUND' });
});

test('the payments of a user are counted, and not beyond the most', async (t) => {
  const { ledger, writer } = await openRealBooks(t);
  await ledger.decide(registration('alice'));
  await ledger.decide(registration('bob'));
  await ledger.decide(payment(1, 'bob'));
  await ledger.decide(payment(2, 'alice'));
  const counted = async (mostPayments?: number) =>
    (
      await findUserSummary(writer, 'alice', {
        now: 1_795_370_400_000_000,
        ...(mostPayments && { mostPayments }),
      })
    )?.payments;
  t.is(await counted(), 3);
  t.is(await counted(3), 3);
  t.is(await counted(2), 2);
});
