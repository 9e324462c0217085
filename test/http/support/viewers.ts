import type { Scope, Viewer } from '../../../server/http/contract/route.js';

const numbers = { alice: 1, bob: 2, admin: 3, carol: 4 } as const;

/** The viewers that `authenticate` knows in these tests: token to viewer. */
export const viewers: Readonly<Record<string, Viewer>> = {
  'alice-session': viewer('alice', { kind: 'session' }),
  'alice-payer': viewer('alice', { kind: 'token', scopes: ['pay'] }),
  'alice-reader': viewer('alice', { kind: 'token', scopes: ['read'] }),
  'alice-would-be-admin': viewer('alice', { kind: 'token', scopes: ['admin'] }),
  'bob-session': viewer('bob', { kind: 'session' }),
  'admin-session': { ...viewer('admin', { kind: 'session' }), role: 'admin' },
  'admin-reader': { ...viewer('admin', { kind: 'token', scopes: ['read'] }), role: 'admin' },
  'expired-session': { ...viewer('carol', { kind: 'session' }), mustChangePassword: true },
  'expired-reader': { ...viewer('carol', { kind: 'token', scopes: ['read'] }), mustChangePassword: true },
};

function viewer(
  username: keyof typeof numbers,
  credential: { kind: 'session' | 'token'; scopes?: readonly Scope[] },
): Viewer {
  return {
    userId: numbers[username],
    username,
    currency: 'GBP',
    role: 'user',
    mustChangePassword: false,
    credential: { id: 1, scopes: [], ...credential },
  };
}
