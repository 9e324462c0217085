import type { Scope, Viewer } from '../../../server/http/route.js';

/** What `authenticate` knows in these tests: token to viewer. */
export const viewers: Readonly<Record<string, Viewer>> = {
  'alice-session': viewer('usr_alice', { kind: 'session' }),
  'alice-payer': viewer('usr_alice', { kind: 'token', scopes: ['pay'] }),
  'alice-reader': viewer('usr_alice', { kind: 'token', scopes: ['read'] }),
  'alice-would-be-admin': viewer('usr_alice', { kind: 'token', scopes: ['admin'] }),
  'bob-session': viewer('usr_bob', { kind: 'session' }),
  'admin-session': { ...viewer('usr_admin', { kind: 'session' }), role: 'admin' },
  'admin-reader': { ...viewer('usr_admin', { kind: 'token', scopes: ['read'] }), role: 'admin' },
  'expired-session': { ...viewer('usr_carol', { kind: 'session' }), mustChangePassword: true },
};

function viewer(
  userId: string,
  credential: { kind: 'session' | 'token'; scopes?: readonly Scope[] },
): Viewer {
  return {
    userId,
    username: userId.slice(4),
    currency: 'GBP',
    role: 'user',
    mustChangePassword: false,
    credential: { id: 'tok_1', scopes: [], ...credential },
  };
}
