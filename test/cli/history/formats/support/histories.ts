import fc from 'fast-check';
import type { PaymentJson } from '../../../../../server/features/payments/wire.js';
import { currencies, currencyOf } from '../../../../../server/money/currency.js';
import { formatAmount, moneyJson } from '../../../../../server/money/format.js';

const time = (number: number) => new Date(Date.UTC(2026, 10, 1) + number * 3_600_000).toISOString();

const opening: PaymentJson = {
  id: 'pay_01',
  kind: 'opening_credit',
  direction: 'received',
  from: null,
  to: 'alice',
  sent: { amount: '1000.00', currency: 'GBP' },
  received: { amount: '1000.00', currency: 'GBP' },
  rate: '1',
  ratesAsOf: null,
  ratesSource: null,
  memo: null,
  requestId: null,
  refundOf: null,
  refunded: null,
  corrects: null,
  correctedBy: [],
  balanceAfter: { amount: '1000.00', currency: 'GBP' },
  createdAt: '2026-11-01T09:00:00.000001Z',
};

const gbp = (amount: string) => ({ amount, currency: 'GBP' });

/** A payment of every kind and in both directions, newest first, as alice sees them. */
export const fixedHistory: readonly PaymentJson[] = [
  {
    ...opening,
    id: 'pay_08',
    kind: 'adjustment',
    direction: 'sent',
    from: 'alice',
    to: null,
    sent: gbp('0.59'),
    received: gbp('0.59'),
    memo: 'fee & <charge>',
    balanceAfter: gbp('1021.00'),
    createdAt: '2026-11-04T23:59:59.999999Z',
  },
  {
    ...opening,
    id: 'pay_07',
    kind: 'refund',
    from: 'kaori',
    sent: { amount: '3000', currency: 'JPY' },
    received: gbp('15.03'),
    rate: '0.00501002004',
    refundOf: 'pay_04',
    memo: 'sold out',
    balanceAfter: gbp('1021.59'),
    createdAt: '2026-11-03T10:00:00.000000Z',
  },
  {
    ...opening,
    id: 'pay_06',
    kind: 'refund',
    direction: 'sent',
    from: 'alice',
    to: 'Bob.B+x@example.org',
    sent: gbp('1.00'),
    received: gbp('1.00'),
    refundOf: 'pay_03',
    balanceAfter: gbp('1006.56'),
    createdAt: '2026-11-02T12:00:00.500000Z',
  },
  {
    ...opening,
    id: 'pay_05',
    kind: 'request',
    direction: 'sent',
    from: 'alice',
    to: 'fahd',
    sent: gbp('2.44'),
    received: { amount: '0.951', currency: 'KWD' },
    rate: '0.39',
    requestId: 'req_01',
    memo: 'taxi \\ "share"; 2020-01-01 | x',
    balanceAfter: gbp('1007.56'),
    createdAt: '2026-11-02T11:00:00.000000Z',
  },
  {
    ...opening,
    id: 'pay_04',
    kind: 'transfer',
    direction: 'sent',
    from: 'alice',
    to: 'kaori',
    sent: gbp('15.03'),
    received: { amount: '3000', currency: 'JPY' },
    rate: '199.6',
    memo: 'ラーメン 🍜\n; date:2020-01-01, [2020-01-01]',
    refunded: gbp('15.03'),
    balanceAfter: gbp('1010.00'),
    createdAt: '2026-11-02T10:00:00.000000Z',
  },
  {
    ...opening,
    id: 'pay_03',
    kind: 'transfer',
    from: 'Bob.B+x@example.org',
    sent: gbp('12.33'),
    received: gbp('12.33'),
    memo: '=1+1, "quoted"',
    refunded: gbp('1.00'),
    balanceAfter: gbp('1025.03'),
    createdAt: '2026-11-01T12:00:00.000000Z',
  },
  {
    ...opening,
    id: 'pay_02',
    kind: 'transfer',
    from: 'dora',
    sent: { amount: '16.13', currency: 'USD' },
    received: gbp('12.70'),
    rate: '0.7874015748',
    memo: '\u202egnp.exe\u001b[31m',
    balanceAfter: gbp('1012.70'),
    createdAt: '2026-11-01T10:00:00.000000Z',
  },
  opening,
];

const currency = fc.constantFrom(...currencies);
const minor = fc.oneof(
  fc.integer({ min: 1, max: 100_000 }),
  fc.maxSafeInteger().map((size) => Math.abs(size) || 1),
);
const username = fc.string({
  unit: fc.constantFrom(...'abzAZ09@.+-_'),
  minLength: 1,
  maxLength: 100,
});
/** Whatever a memo could hold, of what formats treat specially more than chance would bring. */
const memo = fc.oneof(
  fc.constant(null),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({
    unit: fc.constantFrom(...'ab ;|:,"\\\'()[]{}<>&@=*!#^%$\n\r\t-\0é😀\u2028\u202e\uffff'),
    maxLength: 60,
  }),
);

const payments = fc.array(
  fc.record({
    kind: fc.constantFrom('opening_credit', 'transfer', 'request', 'refund', 'adjustment' as const),
    isSent: fc.boolean(),
    other: username,
    otherCurrency: fc.option(currency),
    own: minor,
    theirs: minor,
    memo,
  }),
  { maxLength: 8 },
);

export interface AnyHistory {
  readonly owner: string;
  readonly currency: string;
  readonly payments: readonly PaymentJson[];
  /** What all payments come to, as a decimal string. */
  readonly total: string;
}

/** Any history whose sum is still an amount: what is sent in it need not have been there. */
export const anyHistory: fc.Arbitrary<AnyHistory> = fc
  .record({ owner: username, own: currency, payments })
  .map(({ owner, own, payments: steps }) => {
    let total = 0;
    const history: PaymentJson[] = [];
    for (const [index, step] of steps.entries()) {
      const next = total + (step.isSent ? -step.own : step.own);
      if (Number.isSafeInteger(next)) {
        total = next;
        history.unshift(paymentOf(step, index, owner, own.code, total));
      }
    }
    return { owner, currency: own.code, payments: history, total: formatAmount(total, currencyOf(own.code)) };
  });

type Step = (typeof payments extends fc.Arbitrary<infer Steps extends readonly unknown[]>
  ? Steps
  : never)[number];

function paymentOf(step: Step, index: number, owner: string, code: string, balance: number): PaymentJson {
  const isSystem = step.kind === 'opening_credit' || step.kind === 'adjustment';
  const own = moneyJson({ minor: step.own, currency: code });
  const isConverted = !isSystem && step.otherCurrency !== null && step.otherCurrency.code !== code;
  const theirs = isConverted
    ? moneyJson({ minor: step.theirs, currency: step.otherCurrency?.code ?? code })
    : own;
  const other = isSystem ? null : step.other;
  return {
    ...opening,
    id: `pay_${index}`,
    kind: step.kind as PaymentJson['kind'],
    direction: step.isSent ? 'sent' : 'received',
    from: step.isSent ? owner : other,
    to: step.isSent ? other : owner,
    sent: step.isSent ? own : theirs,
    received: step.isSent ? theirs : own,
    memo: step.memo,
    rate: '0.5',
    refundOf: step.kind === 'refund' ? 'pay_99' : null,
    requestId: step.kind === 'request' ? 'req_99' : null,
    balanceAfter: moneyJson({ minor: balance, currency: code }),
    createdAt: time(index),
  };
}
