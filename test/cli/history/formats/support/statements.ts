import type { Statement } from '../../../../../cli/history/ofx.js';

/** A statement of alice, who has nothing but her opening credit. */
export const aliceStatement: Statement = {
  user: {
    id: 'usr_0000002XKQ',
    username: 'alice',
    displayName: null,
    email: 'alice@example.org',
    role: 'user',
    status: 'active',
    currency: 'GBP',
    balance: { amount: '1000.00', currency: 'GBP' },
    createdAt: '2026-11-01T09:00:00.000001Z',
  },
  server: 'https://127.0.0.1:8443',
  since: '2026-11-01T09:00:00.000001Z',
  until: '2026-11-22T18:00:00.000Z',
  now: new Date('2026-11-22T18:00:00.000Z'),
};
