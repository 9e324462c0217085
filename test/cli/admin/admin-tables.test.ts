import test from 'ava';
import { userColumns } from '../../../cli/admin/act-on-user/user-text.js';
import { auditColumns } from '../../../cli/admin/audit/audit-text.js';
import { adminPaymentColumns } from '../../../cli/admin/payments/admin-payment-text.js';
import { makeScreen } from '../../../cli/terminal/screen.js';
import { type Column, tableForPeople } from '../../../cli/terminal/table.js';
import { plainPen } from '../../../cli/terminal/text/colours.js';
import { shown } from '../../../cli/terminal/text/shown.js';
import type { UserJson } from '../../../server/features/accounts/wire.js';
import type { AdminPaymentJson } from '../../../server/features/admin/wire.js';
import type { AuditRecordJson } from '../../../server/features/audit/wire.js';
import { quietTerminal } from '../support/quiet-terminal.js';

const now = () => new Date('2026-11-22T18:00:00Z');

function lookOf(columns: number) {
  const stream = Object.assign(quietTerminal().stderr, { columns });
  const stdout = { ...makeScreen(stream, {}), width: columns, pen: plainPen() };
  return { stdout, locale: 'en-GB', now };
}

function linesOf<Row>(columns: readonly Column<Row>[], rows: readonly Row[], width: number): string[] {
  const plain = (text: string) => shown`${text}`;
  const space = { width, point: '.', paintHeader: plain, paintFolded: plain };
  return tableForPeople(columns, rows, space).text.trimEnd().split('\n');
}

const payment = (more: Partial<AdminPaymentJson>): AdminPaymentJson => ({
  id: 'pay_0000002XKQ',
  kind: 'transfer',
  direction: null,
  from: 'alice',
  to: 'bob',
  sent: { amount: '12.34', currency: 'GBP' },
  received: { amount: '2348', currency: 'JPY' },
  rate: '190.35',
  ratesAsOf: '2024-11-29',
  ratesSource: 'built-in table',
  memo: 'lunch at the place by the river, as always',
  requestId: null,
  refundOf: null,
  refunded: null,
  corrects: null,
  correctedBy: [],
  balanceAfter: null,
  createdAt: '2026-11-22T17:58:00.000000Z',
  ...more,
});

const payments = [
  payment({}),
  payment({
    id: 'pay_0000002XKR',
    kind: 'adjustment',
    from: null,
    to: 'carol',
    sent: { amount: '1500.00', currency: 'USD' },
    received: { amount: '1500.00', currency: 'USD' },
    memo: 'goodwill',
  }),
];

test('everybody’s payments at three widths', (t) => {
  const at = (width: number) => linesOf(adminPaymentColumns(lookOf(width), payments), payments, width);
  t.deepEqual(at(60), [
    'when       from → to            sent   received',
    '2 min ago  alice → bob     12.34 GBP  2,348 JPY',
    '  pay_0000002XKQ  lunch at the place by the river, as always',
    '2 min ago  → carol      1,500.00 USD',
    '  pay_0000002XKR  adjustment: goodwill',
  ]);
  t.deepEqual(at(80), [
    'when       from        to               sent   received',
    '2 min ago  alice       → bob       12.34 GBP  2,348 JPY',
    '  pay_0000002XKQ  lunch at the place by the river, as always',
    '2 min ago  adjustment  → carol  1,500.00 USD',
    '  pay_0000002XKR  goodwill',
  ]);
  t.deepEqual(at(140), [
    'when       from        to               sent   received  id              memo',
    '2 min ago  alice       → bob       12.34 GBP  2,348 JPY  pay_0000002XKQ  lunch at the place by the river, as always',
    '2 min ago  adjustment  → carol  1,500.00 USD             pay_0000002XKR  goodwill',
  ]);
});

const users: readonly UserJson[] = [
  {
    id: 'usr_0000002XKQ',
    username: 'alice',
    displayName: '日本 🏠',
    email: 'alice@example.org',
    role: 'admin',
    status: 'frozen',
    currency: 'GBP',
    balance: { amount: '1234.50', currency: 'GBP' },
    createdAt: '2026-11-21T12:00:00.000000Z',
  },
  {
    id: 'usr_0000002XKR',
    username: 'bob',
    displayName: null,
    email: 'bob@example.org',
    role: 'user',
    status: 'active',
    currency: 'JPY',
    balance: { amount: '7', currency: 'JPY' },
    createdAt: '2026-11-22T17:58:00.000000Z',
  },
];

test('users at three widths', (t) => {
  const at = (width: number) => linesOf(userColumns(lookOf(width)), users, width);
  const narrow = [
    'user        balance  is             registered',
    'alice  1,234.50 GBP  admin, frozen  yesterday',
    '  usr_0000002XKQ  日本 🏠 <alice@example.org>',
    'bob        7    JPY                 2 min ago',
    '  usr_0000002XKR  bob@example.org',
  ];
  t.deepEqual(at(60).slice(0, 2), narrow.slice(0, 2));
  t.deepEqual(at(80), narrow);
  t.deepEqual(at(140), [
    'user        balance  is             registered  id              name and email',
    'alice  1,234.50 GBP  admin, frozen  yesterday   usr_0000002XKQ  日本 🏠 <alice@example.org>',
    'bob        7    JPY                 2 min ago   usr_0000002XKR  bob@example.org',
  ]);
});

const records: readonly AuditRecordJson[] = [
  {
    id: 'aud_1',
    at: '2026-11-22T17:58:00.000000Z',
    actor: 'root',
    action: 'user.frozen',
    subject: 'alice',
    address: '127.0.0.1',
    requestId: 'r-1',
    reason: 'card reported stolen, see ticket 4711',
    before: { status: 'active' },
    after: { status: 'frozen' },
  },
  {
    id: 'aud_2',
    at: '2026-11-22T17:00:00.000000Z',
    actor: null,
    action: 'session.refused',
    subject: null,
    address: '2001:db8::1',
    requestId: 'r-2',
    reason: null,
    before: null,
    after: null,
  },
];

test('the audit trail at three widths', (t) => {
  const at = (width: number) => linesOf(auditColumns(lookOf(width)), records, width);
  t.deepEqual(at(60), [
    'when       who   did              to     from',
    '2 min ago  root  user.frozen      alice  127.0.0.1',
    '  card reported stolen, see ticket 4711 · status active →',
    '  frozen',
    '1 h ago    –     session.refused  –      2001:db8::1',
  ]);
  t.deepEqual(at(80), [
    'when       who   did              to     from',
    '2 min ago  root  user.frozen      alice  127.0.0.1',
    '  card reported stolen, see ticket 4711 · status active → frozen',
    '1 h ago    –     session.refused  –      2001:db8::1',
  ]);
  t.deepEqual(at(140), [
    'when       who   did              to     from         why and what',
    '2 min ago  root  user.frozen      alice  127.0.0.1    card reported stolen, see ticket 4711 · status active → frozen',
    '1 h ago    –     session.refused  –      2001:db8::1',
  ]);
});
