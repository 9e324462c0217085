import test from 'ava';
import type { SessionRow, TokenRow } from '../../../db/tables/credentials.js';
import type { EventRow } from '../../../db/tables/events.js';
import { makeEventHub } from '../../../server/features/events/hub.js';
import { noticeOf } from '../../../server/features/events/notice.js';
import type { TableChanges } from '../../../server/ledger/book/table-changes.js';
import { session, token } from '../../db/support/rows.js';
import { eventsOf } from './support/room.js';

function listenTo(hub: ReturnType<typeof makeEventHub>, userId: number, credentialId: string) {
  const heard: string[] = [];
  const stop = hub.listen(userId, credentialId, {
    onEvents: () => void heard.push('events'),
    onEnded: () => void heard.push('ended'),
    onDoubt: () => void heard.push('doubt'),
  });
  return { heard, stop };
}

test('a listener hears of its user and of its credential, and of nobody else', (t) => {
  const hub = makeEventHub();
  const alice = listenTo(hub, 1, 'ses_1');
  const aliceElsewhere = listenTo(hub, 1, 'ses_2');
  const bob = listenTo(hub, 2, 'ses_3');
  hub.publish({ userIds: [1], endedCredentialIds: [], changedUserIds: [] });
  hub.publish({ userIds: [], endedCredentialIds: ['ses_2'], changedUserIds: [] });
  t.deepEqual(alice.heard, ['events']);
  t.deepEqual(aliceElsewhere.heard, ['events', 'ended']);
  t.deepEqual(bob.heard, []);
});

test('a listener that has stopped hears nothing more, even when it stops while others are told', (t) => {
  const hub = makeEventHub();
  const heard: string[] = [];
  const stop = hub.listen(1, 'ses_1', {
    onEvents() {
      heard.push('events');
      stop();
    },
    onEnded: () => void heard.push('ended'),
    onDoubt: () => {},
  });
  const other = listenTo(hub, 1, 'ses_1');
  hub.publish({ userIds: [1], endedCredentialIds: [], changedUserIds: [] });
  hub.publish({ userIds: [1], endedCredentialIds: ['ses_1'], changedUserIds: [] });
  t.deepEqual(heard, ['events']);
  t.deepEqual(other.heard, ['events', 'ended', 'events']);
});

test('where anything may have changed, each listener is told to doubt its credential before it looks for events', (t) => {
  const hub = makeEventHub();
  const [alice, bob] = [listenTo(hub, 1, 'ses_1'), listenTo(hub, 2, 'ses_2')];
  hub.publish({ userIds: [], endedCredentialIds: [], changedUserIds: [], isAnything: true });
  t.deepEqual(
    [alice.heard, bob.heard],
    [
      ['doubt', 'events'],
      ['doubt', 'events'],
    ],
  );
});

test('who listens to all hears whose events they are, once for each commit that has any', (t) => {
  const hub = makeEventHub();
  const heard: (readonly number[])[] = [];
  const stop = hub.listenToAll((userIds) => void heard.push(userIds));
  hub.publish({ userIds: [1, 2], endedCredentialIds: [], changedUserIds: [] });
  hub.publish({ userIds: [], endedCredentialIds: ['ses_1'], changedUserIds: [] });
  stop();
  hub.publish({ userIds: [3], endedCredentialIds: [], changedUserIds: [] });
  t.deepEqual(heard, [[1, 2]]);
});

const changesOf = (
  table: TableChanges['table'],
  inserted: readonly object[],
  updated: readonly object[] = [],
): TableChanges => ({ table, inserted, updated });

test('the notice of a commit names the users with events, the credentials that have ended and the users that have changed, each once', (t) => {
  const events: EventRow[] = [...eventsOf(1, 1, 2), ...eventsOf(2, 3, 1)];
  const ended: SessionRow = { ...session, id: 7, ended_at: 5 };
  const revoked: TokenRow = { ...token, id: 8, revoked_at: 5 };
  const changes = [
    changesOf('sessions', [], [ended, { ...session, id: 9 }]),
    changesOf('tokens', [{ ...token, id: 10 }], [revoked]),
    changesOf('events', events),
    changesOf('users', [{ id: 4 }], [{ id: 3 }]),
  ];
  t.deepEqual(noticeOf(changes), {
    userIds: [1, 2],
    endedCredentialIds: ['ses_0000000007', 'tok_0000000008'],
    changedUserIds: ['usr_0000000003'],
  });
});

test('the notice of a commit with new requests says when the first of them expires', (t) => {
  const requests = [{ expires_at: 9 }, { expires_at: 4 }, { expires_at: 6 }];
  t.is(noticeOf([changesOf('requests', requests)])?.firstExpiry, 4);
  t.is(noticeOf([changesOf('requests', [], requests)]), undefined);
});

test('a commit that nobody waits for gives no notice', (t) => {
  t.is(noticeOf([]), undefined);
  t.is(noticeOf([changesOf('sessions', [session]), changesOf('users', [{}])]), undefined);
});
