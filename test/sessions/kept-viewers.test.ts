import test from 'ava';
import { type KeptViewer, makeKeptViewers } from '../../server/sessions/kept-viewers.js';

const keptOf = (userId: string, id: string): KeptViewer => ({
  viewer: {
    userId,
    username: userId,
    currency: 'GBP',
    role: 'user',
    mustChangePassword: false,
    credential: { kind: 'session', id, scopes: [] },
  },
  expiresAt: 1,
  readAt: 0,
});

test('no more are kept than may be, and those that were read longest ago go first', (t) => {
  const viewers = makeKeptViewers(100);
  for (let number = 0; number < 1_000; number += 1) {
    viewers.keep(`hash ${number}`, keptOf(`usr_${number % 7}`, `ses_${number}`));
    t.true(viewers.size <= 100);
  }
  t.is(viewers.get('hash 899'), undefined);
  t.truthy(viewers.get('hash 900'));
  viewers.keep('hash 900', keptOf('usr_0', 'ses_900'));
  viewers.keep('new', keptOf('usr_0', 'ses_new'));
  t.truthy(viewers.get('hash 900'));
  t.is(viewers.get('hash 901'), undefined);
});

test('what is dropped is all of a user, or one credential, and no more', (t) => {
  const viewers = makeKeptViewers(100);
  viewers.keep('a1', keptOf('usr_a', 'ses_1'));
  viewers.keep('a2', keptOf('usr_a', 'ses_2'));
  viewers.keep('a3', keptOf('usr_a', 'ses_3'));
  viewers.keep('b1', keptOf('usr_b', 'ses_4'));
  viewers.drop(['ses_2', 'ses_unknown']);
  const left = () => ['a1', 'a2', 'a3', 'b1'].filter((hash) => viewers.get(hash) !== undefined);
  t.deepEqual(left(), ['a1', 'a3', 'b1']);
  viewers.drop(['usr_a']);
  t.deepEqual(left(), ['b1']);
  viewers.drop(['usr_b', 'ses_4']);
  t.is(viewers.size, 0);
});
