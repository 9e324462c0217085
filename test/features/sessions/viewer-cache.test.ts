import test from 'ava';
import { type CachedViewer, makeViewerCache } from '../../../server/features/sessions/viewer-cache.js';
import { publicId } from '../../../server/ids.js';

const viewerOf = (userId: number, id: number): CachedViewer => ({
  viewer: {
    userId,
    username: `user${userId}`,
    currency: 'GBP',
    role: 'user',
    mustChangePassword: false,
    credential: { kind: 'session', id, scopes: [] },
  },
  expiresAt: 1,
  readAt: 0,
});

test('no more are kept than may be, and those that were read longest ago go first', (t) => {
  const viewers = makeViewerCache(100);
  for (let number = 0; number < 1_000; number += 1) {
    viewers.keep(`hash ${number}`, viewerOf(number % 7, number));
    t.true(viewers.size <= 100);
  }
  t.is(viewers.get('hash 899'), undefined);
  t.truthy(viewers.get('hash 900'));
  viewers.keep('hash 900', viewerOf(0, 900));
  viewers.keep('new', viewerOf(0, 1_000));
  t.truthy(viewers.get('hash 900'));
  t.is(viewers.get('hash 901'), undefined);
});

test('what is dropped is all of a user, or one credential, and no more', (t) => {
  const viewers = makeViewerCache(100);
  viewers.keep('a1', viewerOf(1, 1));
  viewers.keep('a2', viewerOf(1, 2));
  viewers.keep('a3', viewerOf(1, 3));
  viewers.keep('b1', viewerOf(2, 4));
  viewers.drop([publicId('ses', 2), publicId('ses', 5)]);
  const left = () => ['a1', 'a2', 'a3', 'b1'].filter((hash) => viewers.get(hash) !== undefined);
  t.deepEqual(left(), ['a1', 'a3', 'b1']);
  viewers.drop([publicId('usr', 1)]);
  t.deepEqual(left(), ['b1']);
  viewers.drop([publicId('usr', 2), publicId('ses', 4)]);
  t.is(viewers.size, 0);
});
