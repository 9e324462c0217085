import type { PaymentJson } from '../../server/features/payments/wire.js';
import type { MoneyJson } from '../../server/money/wire.js';
import { Failure } from '../failure/failure.js';
import { dayOf } from '../terminal/period.js';
import { sidesOf } from './payment-text.js';

/** The account in the viewer's own books that the other side of a payment is. */
export type Category = 'income' | 'expenses' | 'opening' | 'adjustments';

/** A payment as accounting programs take it: what the viewer's account gained or lost, and what stands against it. */
export interface Booking {
  readonly id: string;
  /** The time of the payment: RFC 3339, UTC. */
  readonly at: string;
  /** The day of the payment where the reader is, as in the filters. */
  readonly day: string;
  readonly kind: string;
  /** The viewer's username. */
  readonly owner: string;
  /** Who is on the other side; null where it is the system. */
  readonly other: string | null;
  readonly category: Category;
  /** The sum on the viewer's account, negative where it was sent. */
  readonly own: MoneyJson;
  /** The sum on the other side, with the other sign. */
  readonly against: MoneyJson;
  readonly isConverted: boolean;
  readonly memo: string | null;
  readonly requestId: string | null;
  readonly refundOf: string | null;
}

const patterns = {
  name: /^[A-Za-z0-9@.+_-]{1,100}$/,
  id: /^[A-Za-z0-9_-]{1,64}$/,
  kind: /^[a-z_]{1,32}$/,
  time: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z$/,
  amount: /^\d+(?:\.\d+)?$/,
  currency: /^[A-Z]{3}$/,
} as const;

/** Text of a form that can break no line and no field of any format. @throws Failure */
function checked(form: keyof typeof patterns, text: string | null): string {
  if (text === null || !patterns[form].test(text)) {
    throw new Failure('unreachable', `The server gave a payment whose ${form} is not as it should be.`, {
      next: ['Check the address of the server: --server or PAY_SERVER'],
    });
  }
  return text;
}

function signed(sign: '' | '-', { amount, currency }: MoneyJson): MoneyJson {
  return { amount: `${sign}${checked('amount', amount)}`, currency: checked('currency', currency) };
}

/** Money of a form that can break no line. @throws Failure */
export function checkedMoney({ amount, currency }: MoneyJson): MoneyJson {
  checked('amount', amount.replace(/^-/, ''));
  return { amount, currency: checked('currency', currency) };
}

/** Money that comes back makes an expense smaller, and money given back an income. */
function categoryOf({ kind, from, to, direction }: PaymentJson): Category {
  if (from === null || to === null) {
    return kind === 'opening_credit' ? 'opening' : 'adjustments';
  }
  return (direction === 'sent') === (kind === 'refund') ? 'income' : 'expenses';
}

/** A payment as it is booked by the one who looks at it. Only the memo is free text. @throws Failure */
export function bookingOf(payment: PaymentJson): Booking {
  const isSent = payment.direction === 'sent';
  const { own, other } = sidesOf(payment);
  const [owner, otherName] = isSent ? [payment.from, payment.to] : [payment.to, payment.from];
  return {
    id: checked('id', payment.id),
    at: checked('time', payment.createdAt),
    day: dayOf(payment.createdAt),
    kind: checked('kind', payment.kind),
    owner: checked('name', owner),
    other: otherName === null ? null : checked('name', otherName),
    category: categoryOf(payment),
    own: signed(isSent ? '-' : '', own),
    against: signed(isSent ? '' : '-', other),
    isConverted: own.currency !== other.currency,
    memo: payment.memo,
    requestId: payment.requestId === null ? null : checked('id', payment.requestId),
    refundOf: payment.refundOf === null ? null : checked('id', payment.refundOf),
  };
}

/** The words for a payment whose other side is nobody: "opening credit". */
export function kindText({ kind }: Booking): string {
  return kind.replaceAll('_', ' ');
}

/** The facts of a payment that formats keep as notes, by their names there. */
export function notesOf({ at, kind, requestId, refundOf }: Booking): readonly (readonly [string, string])[] {
  const notes: [string, string | null][] = [
    ['time', at],
    ['kind', kind],
    ['request', requestId],
    ['refund-of', refundOf],
  ];
  return notes.filter((note): note is [string, string] => note[1] !== null);
}

/** The most of a text that has so many UTF-8 bytes, with a mark where some is missing. */
export function atMost(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) {
    return text;
  }
  const mark = '…';
  let room = bytes - Buffer.byteLength(mark);
  let kept = '';
  for (const character of text) {
    room -= Buffer.byteLength(character);
    if (room < 0) {
      break;
    }
    kept += character;
  }
  return kept + mark;
}
