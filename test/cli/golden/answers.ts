import type * as z from 'zod';
import type { timeSchema } from '../../../server/features/about/wire.js';
import { userSchema } from '../../../server/features/accounts/wire.js';
import {
  adminPaymentSchema,
  adminUserSchema,
  oneTimePasswordSchema,
} from '../../../server/features/admin/wire.js';
import { auditRecordSchema } from '../../../server/features/audit/wire.js';
import type { blockSchema } from '../../../server/features/blocks/wire.js';
import { booksSchema } from '../../../server/features/books/wire.js';
import { collectionSchema, shownCollectionSchema } from '../../../server/features/collections/wire.js';
import type { conversionSchema, currencyListSchema } from '../../../server/features/conversion/wire.js';
import type { factorSchema } from '../../../server/features/enrolment/wire.js';
import { notificationSchema } from '../../../server/features/events/wire.js';
import { listedInvitationSchema } from '../../../server/features/invitations/wire.js';
import { limitSchema, ownLimitsSchema } from '../../../server/features/limits/wire.js';
import { paymentSchema } from '../../../server/features/payments/wire.js';
import { acceptedRequestSchema, requestSchema } from '../../../server/features/requests/wire.js';
import { liveSessionSchema, sessionSchema } from '../../../server/features/sessions/wire.js';
import { statisticsSchema } from '../../../server/features/statistics/wire.js';
import { balancesSchema, summarySchema } from '../../../server/features/summaries/wire.js';
import { newTokenSchema, tokenSchema } from '../../../server/features/tokens/wire.js';
import { deliverySchema, newWebhookSchema, webhookSchema } from '../../../server/features/webhooks/wire.js';
import { builtInRates } from '../../../server/money/rate-table.js';
import { currencyJson } from '../../../server/money/wire.js';
import type { Canned } from '../support/canned-server.js';

type Payment = z.output<typeof paymentSchema>;
type Request = z.output<typeof requestSchema>;

const money = (amount: string, currency: string) => ({ amount, currency });
const id = (prefix: string, at: number) => `${prefix}_0000002XK${'0123456789ABCDEFGH'[at]}`;
const longName = 'somebody.with.quite.a.long.name@example.org';

function payment(at: number, changes: Partial<Payment>): Payment {
  return {
    id: id('pay', at),
    kind: 'transfer',
    direction: 'sent',
    from: 'alice',
    to: 'bob',
    sent: money('10.00', 'GBP'),
    received: money('12.70', 'USD'),
    rate: '1.27',
    ratesAsOf: '2024-11-29',
    ratesSource: 'built-in table',
    memo: null,
    requestId: null,
    refundOf: null,
    refunded: null,
    corrects: null,
    correctedBy: [],
    balanceAfter: money('990.00', 'GBP'),
    createdAt: '2026-11-22T17:59:40.123456Z',
    ...changes,
  };
}

/** The payments that people really have: names and memos short and long, in many scripts, currencies of none to three decimals. */
export const payments: readonly Payment[] = [
  payment(0, { memo: 'lunch 🍜 at the place by the river, as always on Fridays' }),
  payment(1, {
    direction: 'received',
    from: 'chiyo',
    to: 'alice',
    sent: money('15000', 'JPY'),
    received: money('78.80', 'GBP'),
    rate: '0.005253480431',
    memo: '旅館の宿泊費 三泊分、ありがとうございました',
    createdAt: '2026-11-22T17:15:00.000000Z',
  }),
  payment(2, {
    direction: 'received',
    from: 'dalal',
    to: 'alice',
    sent: money('12.345', 'KWD'),
    received: money('31.60', 'GBP'),
    rate: '2.560163850',
    memo: 'قهوة',
    createdAt: '2026-11-22T06:00:00.000000Z',
  }),
  payment(3, {
    to: longName,
    sent: money('1234567.89', 'GBP'),
    received: money('1484567.88', 'EUR'),
    rate: '1.2025',
    memo: '👩‍👩‍👧‍👦 family ticket 🇯🇵',
    createdAt: '2026-11-21T12:00:00.000000Z',
  }),
  payment(4, {
    kind: 'refund',
    direction: 'received',
    from: 'bob',
    to: 'alice',
    sent: money('4.23', 'USD'),
    received: money('3.33', 'GBP'),
    rate: '0.7874015748',
    memo: 'cafe\u0301 was closed',
    refundOf: id('pay', 0),
    createdAt: '2026-11-18T12:00:00.000000Z',
  }),
  payment(5, {
    to: 'erin',
    received: money('10.00', 'GBP'),
    rate: '1',
    createdAt: '2026-11-01T12:34:00.000000Z',
  }),
  payment(6, {
    kind: 'opening_credit',
    direction: 'received',
    from: null,
    to: 'alice',
    sent: money('1000.00', 'GBP'),
    received: money('1000.00', 'GBP'),
    rate: '1',
    createdAt: '2025-01-01T12:34:00.000000Z',
  }),
];

function request(at: number, changes: Partial<Request>): Request {
  return {
    id: id('req', at),
    status: 'pending',
    requester: 'bob',
    payer: 'alice',
    amount: money('12.00', 'USD'),
    memo: 'pizza 🍕 and beer, and the taxi home afterwards because it rained so hard',
    collectionId: null,
    reason: null,
    paymentId: null,
    createdAt: '2026-11-22T17:15:00.000000Z',
    expiresAt: '2026-12-22T17:15:00.000000Z',
    closedAt: null,
    ...changes,
  };
}

export const requests: readonly Request[] = [
  request(0, {}),
  request(1, {
    requester: 'chiyo',
    amount: money('1500', 'JPY'),
    memo: '切符',
    expiresAt: '2026-11-22T21:00:00.000000Z',
  }),
  request(2, {
    requester: 'alice',
    payer: longName,
    amount: money('1000.00', 'EUR'),
    memo: null,
    status: 'declined',
    reason: 'not before December',
    createdAt: '2026-11-19T09:00:00.000000Z',
    closedAt: '2026-11-20T09:00:00.000000Z',
  }),
];

const user: z.output<typeof userSchema> = {
  id: id('usr', 0),
  username: 'alice',
  displayName: 'Alice Example',
  email: 'alice@example.org',
  role: 'admin',
  status: 'active',
  currency: 'GBP',
  balance: money('727.73', 'GBP'),
  createdAt: '2026-11-01T12:34:00.000000Z',
};

const token: z.output<typeof tokenSchema> = {
  lastUsedAt: null,
  id: id('tok', 0),
  name: 'nightly backup',
  scopes: ['read'],
  createdAt: '2026-11-18T12:00:00.000000Z',
  expiresAt: '2027-02-16T12:00:00.000000Z',
};

const live: z.output<typeof liveSessionSchema> = {
  id: id('ses', 0),
  createdAt: '2026-11-18T12:00:00.000000Z',
  lastUsedAt: '2026-11-20T11:58:00.000000Z',
  address: '2001:db8::7',
  expiresAt: '2026-12-18T12:00:00.000000Z',
  idleExpiresAt: '2026-11-21T11:58:00.000000Z',
  current: true,
};

const bob: z.output<typeof adminUserSchema> = {
  ...user,
  id: id('usr', 1),
  username: 'bob',
  displayName: 'Bob 🐻 Bear',
  email: 'bob@example.org',
  role: 'user',
  status: 'frozen',
  currency: 'USD',
  balance: money('12.70', 'USD'),
  mustChangePassword: false,
  frozen: { at: '2026-11-22T17:15:00.000000Z', by: 'alice', reason: 'card stolen' },
  lastLoginAt: '2026-11-22T17:15:00.000000Z',
  lastPaymentAt: null,
  payments: 3,
  pendingRequests: { incoming: 1, outgoing: 2 },
  sessions: {
    active: 1,
    newest: [
      {
        address: '192.0.2.7',
        openedAt: '2026-11-22T17:15:00.000000Z',
        expiresAt: '2026-12-22T17:15:00.000000Z',
      },
    ],
  },
  tokens: { active: 1, newest: [token] },
  webhooks: 0,
  hasSecondFactor: false,
};

const webhook: z.output<typeof webhookSchema> = {
  id: id('whk', 0),
  url: 'https://shop.example.org/hooks/pay?source=a-rather-long-address',
  types: ['payment.received', 'request.paid'],
  status: 'active',
  createdAt: '2026-11-18T12:00:00.000000Z',
};

const delivery: z.output<typeof deliverySchema> = {
  id: id('dlv', 0),
  eventId: id('evt', 0),
  type: 'payment.received',
  status: 'pending',
  attempts: 3,
  nextAttemptAt: '2026-11-22T18:10:00.000000Z',
  lastAttemptAt: '2026-11-22T17:59:40.000000Z',
  lastStatus: 503,
  lastError: 'it answered with 503',
  createdAt: '2026-11-22T17:15:00.000000Z',
};

const invitation: z.output<typeof listedInvitationSchema> = {
  id: id('inv', 0),
  note: 'class 5b',
  status: 'used',
  createdBy: 'alice',
  createdAt: '2026-11-20T12:00:00.000000Z',
  expiresAt: '2026-12-20T12:00:00.000000Z',
  revokedAt: null,
  usedBy: 'bob',
  usedAt: '2026-11-21T12:00:00.000000Z',
};

const notifications: readonly z.output<typeof notificationSchema>[] = [
  {
    id: id('evt', 2),
    type: 'request.received',
    at: '2026-11-22T17:59:40.000000Z',
    data: { ...request(0, {}) },
    read: false,
  },
  {
    id: id('evt', 1),
    type: 'payment.received',
    at: '2026-11-22T17:15:00.000000Z',
    data: { ...payments[1] },
    read: false,
  },
  {
    id: id('evt', 0),
    type: 'account.unfrozen',
    at: '2026-11-01T12:34:00.000000Z',
    data: { reason: 'it was a mistake' },
    read: true,
  },
];

const audit: readonly z.output<typeof auditRecordSchema>[] = [
  {
    id: id('aud', 1),
    at: '2026-11-22T17:15:00.000000Z',
    actor: 'alice',
    action: 'user.frozen',
    subject: 'bob',
    address: '192.0.2.7',
    requestId: 'r-1',
    reason: 'card stolen',
    before: { status: 'active' },
    after: { status: 'frozen' },
  },
  {
    id: id('aud', 0),
    at: '2026-11-21T12:00:00.000000Z',
    actor: null,
    action: 'session.refused',
    subject: null,
    address: '2001:db8::7',
    requestId: 'r-0',
    reason: null,
    before: null,
    after: null,
  },
];

const ownLimits: z.output<typeof ownLimitsSchema> = {
  data: [
    {
      limit: 'per_payment',
      total: money('1000.00', 'GBP'),
      used: money('0.00', 'GBP'),
      remaining: money('1000.00', 'GBP'),
      resetsAt: null,
    },
    {
      limit: 'per_day',
      total: money('5000.00', 'GBP'),
      used: money('10.50', 'GBP'),
      remaining: money('4989.50', 'GBP'),
      resetsAt: '2026-11-23T12:00:00.000000Z',
    },
  ],
};

const figures = (came: string, went: string, net: string, count: number) => ({
  in: money(came, 'GBP'),
  out: money(went, 'GBP'),
  net: money(net, 'GBP'),
  count,
});

/** Three months, in one of which nothing was paid. */
const summary: z.output<typeof summarySchema> = {
  by: 'month',
  tz: 'UTC',
  since: '2026-09-01T00:00:00.000000Z',
  until: '2026-11-22T18:00:00.000000Z',
  data: [
    {
      key: '2026-11',
      since: '2026-11-01T00:00:00.000000Z',
      until: '2026-11-22T18:00:00.000000Z',
      ...figures('113.73', '1234587.89', '-1234474.16', 6),
    },
    {
      key: '2026-10',
      since: '2026-10-01T00:00:00.000000Z',
      until: '2026-11-01T00:00:00.000000Z',
      ...figures('0.00', '0.00', '0.00', 0),
    },
    {
      key: '2026-09',
      since: '2026-09-01T00:00:00.000000Z',
      until: '2026-10-01T00:00:00.000000Z',
      ...figures('800000.00', '0.01', '799999.99', 2),
    },
  ],
  totals: [figures('800113.73', '1234587.90', '-434474.17', 8)],
  more: true,
};

/** Thirty days, newest first: flat, a rise, a fall and a rise. */
const balances: z.output<typeof balancesSchema> = {
  data: Array.from({ length: 30 }, (_, day) => ({
    at: new Date(Date.UTC(2026, 10, 23 - day)).toISOString().replace('.000Z', '.000000Z'),
    balance: money(`${[727, 700, 650, 400, 120, 90, 300, 660, 1000, 1000][Math.floor(day / 3)]}.73`, 'GBP'),
  })),
  more: false,
};

const books: z.output<typeof booksSchema> = {
  balanced: true,
  payments: 1234,
  entries: 3702,
  currencies: [
    { currency: 'GBP', sum: '0.00', issued: '2000.00', users: '1990.00', exchange: '10.00' },
    { currency: 'JPY', sum: '0', issued: '190350', users: '175350', exchange: '15000' },
    { currency: 'USD', sum: '0.00', issued: '0.00', users: '12.70', exchange: '-12.70' },
  ],
  problems: [],
  problemCount: 0,
};

const page = (data: readonly unknown[]) => ({ data, nextCursor: null });
const adminPayments = payments.map((one) => ({ ...one, direction: null, balanceAfter: null }));
const [paid = payment(0, {})] = payments;
const [asked = request(0, {})] = requests;
const session = {
  token: 'canned',
  expiresAt: '2026-12-22T18:00:00.000000Z',
  idleExpiresAt: '2026-11-23T18:00:00.000000Z',
  user,
  mustChangePassword: false,
};
const limits = [
  { currency: 'GBP', username: null, perPayment: money('1000.00', 'GBP'), perDay: money('5000.00', 'GBP') },
  { currency: 'USD', username: 'bob', perPayment: 'none' as const, perDay: null },
];

type Checked = readonly [value: unknown, schema: z.ZodType];

const one = (value: unknown, schema: z.ZodType): readonly Checked[] => [[value, schema]];
const each = (values: readonly unknown[], schema: z.ZodType): readonly Checked[] =>
  values.map((value) => [value, schema]);

const statistics: z.output<typeof statisticsSchema> = {
  ...{ currency: 'GBP', since: '2026-11-20T00:00:00.000000Z', until: '2026-11-22T18:00:00.000000Z' },
  members: { total: 1_204, active: 431, frozen: 2, administrators: 3 },
  currencies: [
    { issued: money('1204000.00', 'GBP'), held: money('1203998.50', 'GBP') },
    { issued: money('0', 'JPY'), held: money('15000', 'JPY') },
  ],
  days: [
    { day: '2026-11-22', volume: money('12.50', 'GBP'), count: 2 },
    { day: '2026-11-21', volume: money('0.00', 'GBP'), count: 0 },
    { day: '2026-11-20', volume: money('1234567.89', 'GBP'), count: 12_345 },
  ],
  largest: [
    {
      ...{ id: id('pay', 3), from: 'alice', to: longName, sent: money('1234567.89', 'GBP') },
      createdAt: '2026-11-20T12:00:00.000000Z',
    },
    {
      ...{ id: id('pay', 4), from: 'bob', to: 'carol', sent: money('12.00', 'GBP') },
      createdAt: '2026-11-22T17:15:00.000000Z',
    },
  ],
  unanswered: 14,
  refused: { since: '2026-11-22T06:00:00.000000Z', limits: 3, rates: 12, busy: 0 },
};

type Collection = z.output<typeof collectionSchema>;

function collection(at: number, changes: Partial<Collection>): Collection {
  return {
    id: id('col', at),
    name: 'trip',
    status: 'open',
    people: 28,
    counts: { paid: 12, pending: 13, declined: 2, cancelled: 1, expired: 0 },
    asked: money('1260.00', 'GBP'),
    collected: money('540.00', 'GBP'),
    createdAt: '2026-11-20T12:00:00.000000Z',
    expiresAt: '2026-12-20T12:00:00.000000Z',
    closedAt: null,
    ...changes,
  };
}

const collections: readonly Collection[] = [
  collection(0, {}),
  collection(1, {
    ...{ name: 'a present for our teacher, who leaves us after so many years 旅館', people: 1 },
    counts: { paid: 0, pending: 1, declined: 0, cancelled: 0, expired: 0 },
    ...{ asked: money('1500', 'JPY'), collected: money('0', 'JPY') },
  }),
  collection(2, {
    ...{ name: 'books', status: 'closed', closedAt: '2026-11-21T12:00:00.000000Z', people: 3 },
    counts: { paid: 3, pending: 0, declined: 0, cancelled: 0, expired: 0 },
    ...{ asked: money('1234567.89', 'GBP'), collected: money('1234567.89', 'GBP') },
  }),
];

const shownCollection: z.output<typeof shownCollectionSchema> = {
  ...collection(0, {
    people: 4,
    counts: { paid: 1, pending: 2, declined: 1, cancelled: 0, expired: 0 },
    ...{ asked: money('180.00', 'GBP'), collected: money('45.00', 'GBP') },
  }),
  requests: (['pending', 'paid', 'pending', 'declined'] as const).map((status, at) =>
    request(at + 8, {
      ...{ status, requester: 'alice', payer: ['bob', 'carol', longName, 'dalal'][at] ?? '' },
      ...{ memo: 'trip', amount: money('45.00', 'GBP'), collectionId: id('col', 0) },
      ...(status === 'paid' && { paymentId: id('pay', 9) }),
      ...(status === 'declined' && { reason: 'I do not come along' }),
      closedAt: status === 'pending' ? null : '2026-11-22T17:15:00.000000Z',
    }),
  ),
};

/** Each thing that is answered, with the shape that the contract gives it. */
export const contract: readonly Checked[] = [
  ...each(payments, paymentSchema),
  ...each(requests, requestSchema),
  ...each(collections, collectionSchema),
  ...one(statistics, statisticsSchema),
  ...one(shownCollection, shownCollectionSchema),
  ...each(notifications, notificationSchema),
  ...each(audit, auditRecordSchema),
  ...each(adminPayments, adminPaymentSchema),
  ...each(limits, limitSchema),
  ...one(user, userSchema),
  ...one(bob, adminUserSchema),
  ...one(live, liveSessionSchema),
  ...one(token, tokenSchema),
  ...one({ ...token, token: 'pat_1' }, newTokenSchema),
  ...one(webhook, webhookSchema),
  ...one({ ...webhook, secret: 'whs_1' }, newWebhookSchema),
  ...one(delivery, deliverySchema),
  ...one(invitation, listedInvitationSchema),
  ...one(ownLimits, ownLimitsSchema),
  ...one(summary, summarySchema),
  ...one(balances, balancesSchema),
  ...one(books, booksSchema),
  ...one(session, sessionSchema),
  ...one({ request: asked, payment: paid }, acceptedRequestSchema),
  ...one({ oneTimePassword: 'one-time', expiresAt: '2026-11-23T18:00:00.000000Z' }, oneTimePasswordSchema),
];

const time: z.output<typeof timeSchema> = {
  currentTime: '2026-11-22 18:00:00',
  timestamp: '2026-11-22T18:00:00.123456Z',
  source: 'thrift://127.0.0.1:10000',
};

const rates: z.output<typeof currencyListSchema> = {
  base: 'GBP',
  ratesAsOf: '2024-11-29',
  source: 'built-in table',
  data: builtInRates.currencies.map(currencyJson),
};

const conversion: z.output<typeof conversionSchema> = {
  from: 'GBP',
  to: 'JPY',
  amount: '10.00',
  rate: '190.35',
  converted: '1903',
  rounding: 'down',
  ratesAsOf: '2024-11-29',
};

const block: z.output<typeof blockSchema> = { username: longName, createdAt: '2026-11-21T12:00:00.000000Z' };

const factor: z.output<typeof factorSchema> = {
  on: true,
  since: '2026-11-20T12:00:00.000000Z',
  above: { amount: '100.00', currency: 'GBP' },
  recoveryCodesLeft: 9,
};

/** The answers of a server to alice, an administrator. */
export const canned: Canned = {
  'GET /v1/me': user,
  'GET /v1/me/limits': ownLimits,
  'GET /v1/me/summary': summary,
  'GET /v1/me/balances': balances,
  'PATCH /v1/me': user,
  'POST /v1/me/password': null,
  'GET /v1/me/second-factor': factor,
  'POST /v1/me/second-factor': {
    secret: 'JBSWY3DPEHPK3PXP',
    uri: 'otpauth://totp/pay:alice?secret=JBSWY3DPEHPK3PXP',
  },
  'POST /v1/me/second-factor/confirm': { recoveryCodes: ['abcd-efgh-jkmn-pqrs-tuvw-xyz2'] },
  'PATCH /v1/me/second-factor': factor,
  'DELETE /v1/me/second-factor': null,
  'GET /v1/time': time,
  'GET /v1/currencies': rates,
  'GET /conversion/GBP/JPY/10': conversion,
  'POST /v1/users': user,
  'POST /v1/sessions': session,
  'DELETE /v1/sessions/current': null,
  'GET /v1/payments': page(payments),
  'POST /v1/payments': paid,
  [`GET /v1/payments/${paid.id}`]: paid,
  [`POST /v1/payments/${paid.id}/refunds`]: payments[4],
  'GET /v1/requests': page(requests),
  'POST /v1/requests': asked,
  [`GET /v1/requests/${asked.id}`]: asked,
  [`POST /v1/requests/${asked.id}/accept`]: { request: asked, payment: paid },
  [`POST /v1/requests/${asked.id}/decline`]: asked,
  [`POST /v1/requests/${asked.id}/cancel`]: asked,
  [`POST /v1/requests/${asked.id}/remind`]: asked,
  'GET /v1/collections': page(collections),
  'POST /v1/collections': {
    ...collections[0],
    results: [
      { from: 'bob', outcome: 'asked', requestId: asked.id },
      { from: 'carol', outcome: 'asked-before', requestId: asked.id },
    ],
  },
  [`GET /v1/collections/${shownCollection.id}`]: shownCollection,
  [`POST /v1/collections/${shownCollection.id}/remind`]: { ...collections[0], reminded: ['bob'] },
  [`POST /v1/collections/${shownCollection.id}/close`]: { ...collections[0], cancelled: ['bob'] },
  'GET /v1/blocks': { data: [block, { ...block, username: 'mallory' }] },
  'PUT /v1/blocks/bob': null,
  'DELETE /v1/blocks/bob': null,
  'GET /v1/notifications': page(notifications),
  'POST /v1/notifications/read': null,
  'GET /v1/events': page(notifications.toReversed()),
  'GET /v1/webhooks': page([webhook, { ...webhook, id: id('whk', 1), status: 'disabled' }]),
  'POST /v1/webhooks': { ...webhook, secret: 'whs_1' },
  [`DELETE /v1/webhooks/${webhook.id}`]: null,
  [`GET /v1/webhooks/${webhook.id}/deliveries`]: page([delivery]),
  [`POST /v1/webhooks/${webhook.id}/deliveries/${delivery.id}/resend`]: delivery,
  'GET /v1/sessions': page([live, { ...live, id: id('ses', 1), address: '192.0.2.7', current: false }]),
  [`DELETE /v1/sessions/${live.id}`]: null,
  'GET /v1/tokens': page([token]),
  'POST /v1/tokens': { ...token, token: 'pat_1' },
  [`DELETE /v1/tokens/${token.id}`]: null,
  'GET /v1/admin/users': page([user, bob]),
  'GET /v1/admin/users/bob': bob,
  'PATCH /v1/admin/users/bob': bob,
  'POST /v1/admin/users/bob/password': {
    oneTimePassword: 'one-time',
    expiresAt: '2026-11-23T18:00:00.000000Z',
  },
  'POST /v1/admin/admins': user,
  'GET /v1/admin/invitations': page([
    invitation,
    { ...invitation, status: 'open', usedBy: null, usedAt: null },
  ]),
  'POST /v1/admin/invitations': {
    data: [
      {
        id: invitation.id,
        invitation: 'pay_inv_canned',
        note: 'x',
        expiresAt: '2026-12-20T12:00:00.000000Z',
      },
    ],
  },
  [`DELETE /v1/admin/invitations/${invitation.id}`]: null,
  'GET /v1/admin/payments': page(adminPayments),
  [`GET /v1/admin/payments/${paid.id}`]: adminPayments[0],
  'POST /v1/admin/adjustments': { ...adminPayments[6], kind: 'adjustment', memo: 'goodwill', to: 'bob' },
  'GET /v1/admin/audit': page(audit),
  'GET /v1/admin/stats': statistics,
  'GET /v1/admin/ledger': books,
  'GET /v1/admin/limits': page(limits),
  'PUT /v1/admin/limits/users/bob': limits[1],
  'DELETE /v1/admin/limits/users/bob': null,
};

export const ids = {
  payment: paid.id ?? '',
  request: asked.id,
  collection: shownCollection.id,
  webhook: webhook.id,
  delivery: delivery.id,
  session: live.id,
  token: token.id,
  invitation: invitation.id,
};
