import type { PaymentJson } from '../../server/features/payments/wire.js';
import type { MoneyJson } from '../../server/money/wire.js';
import type { Context } from '../context.js';
import { bareName, fetchNames, type NameOf } from '../people/names.js';
import { moneyText } from '../terminal/money.js';
import { type Field, showCard } from '../terminal/show.js';
import type { Column } from '../terminal/table.js';
import { localTime, relativeTime } from '../terminal/time.js';
import { kindTexts } from './kinds.js';

/** Both sides of a payment: what the viewer lost or gained, and what it was to the other. */
export function sidesOf(payment: PaymentJson): { readonly own: MoneyJson; readonly other: MoneyJson } {
  return payment.direction === 'sent'
    ? { own: payment.sent, other: payment.received }
    : { own: payment.received, other: payment.sent };
}

/** The user on the other side; the kind of payment where it is the system. */
export function counterparty(payment: PaymentJson, nameOf: NameOf = bareName): string {
  const who = payment.direction === 'sent' ? payment.to : payment.from;
  return who === null ? (kindTexts[payment.kind] ?? payment.kind) : nameOf(who);
}

/** The names by which the parties of these payments are told to a person. */
export const partyNames = (
  context: Context,
  payments: readonly Pick<PaymentJson, 'from' | 'to'>[],
): Promise<NameOf> =>
  fetchNames(
    context,
    payments.flatMap(({ from, to }) => [from, to]),
  );

/** The viewer's amount with its sign, so that colour is not needed to tell incoming from outgoing. */
function signedAmount(payment: PaymentJson): MoneyJson {
  const { own } = sidesOf(payment);
  return { amount: `${payment.direction === 'sent' ? '-' : '+'}${own.amount}`, currency: own.currency };
}

function signedText(payment: PaymentJson, locale?: string): string {
  return (payment.direction === 'sent' ? '-' : '+') + moneyText(sidesOf(payment).own, locale);
}

/** The memo, with the kind of payment where it is not a plain one. */
export function memoText({ kind, memo }: Pick<PaymentJson, 'kind' | 'memo'>): string {
  const mark = kind === 'transfer' || kind === 'opening_credit' ? '' : (kindTexts[kind] ?? kind);
  return [mark, memo ?? ''].filter((part) => part !== '').join(': ');
}

type Look = Pick<Context, 'stdout' | 'locale' | 'now'>;

/** The columns of a list of payments; the other side's amount only where a row has another currency there. */
export function paymentColumns(
  context: Look,
  payments: readonly PaymentJson[],
  withId: boolean,
  nameOf: NameOf = bareName,
): Column<PaymentJson>[] {
  const { stdout, locale, now } = context;
  const crosses = payments.some((payment) => payment.sent.currency !== payment.received.currency);
  const isCrossing = ({ sent, received }: PaymentJson) => sent.currency !== received.currency;
  const other: Column<PaymentJson> = {
    header: 'theirs',
    people: (payment) => (isCrossing(payment) ? moneyText(sidesOf(payment).other, locale) : ''),
    align: 'point',
    mayFold: 'late',
    paint: (text: string) => stdout.pen.dim(text),
  };
  return [
    {
      header: 'when',
      people: ({ createdAt }) => relativeTime(createdAt, now()),
      mayFold: 'late',
      isPlain: true,
      paint: (text: string) => stdout.pen.dim(text),
    },
    {
      header: 'with',
      people: (payment) => `${payment.direction === 'sent' ? '→' : '←'} ${counterparty(payment, nameOf)}`,
      mayShrink: true,
    },
    {
      header: 'amount',
      people: (payment) => signedText(payment, locale),
      align: 'point',
      paint: (text, { direction }) =>
        direction === 'sent' ? stdout.pen.yellow(text) : stdout.pen.green(text),
    },
    ...(crosses ? [other] : []),
    ...(withId
      ? [
          {
            header: 'id',
            people: ({ id }: PaymentJson) => id ?? '',
            mayFold: true as const,
            paint: (text: string) => stdout.pen.dim(text),
          },
        ]
      : []),
    // The memo stands last, for terminals do not agree on the width of emoji: nothing behind it could be put out of line.
    { header: 'memo', people: memoText, mayShrink: true, mayFold: true },
  ];
}

/** The names of a payment's cells, for a pipe and in CSV. */
export const paymentCellNames = [
  ...['id', 'createdAt', 'kind', 'direction', 'counterparty', 'amount', 'currency'],
  ...['otherAmount', 'otherCurrency', 'memo'],
];

/** The cells of a payment for a pipe, by these names. */
export function paymentCells(payment: PaymentJson): string[] {
  const own = signedAmount(payment);
  const { other } = sidesOf(payment);
  return [
    payment.id ?? '',
    payment.createdAt,
    payment.kind,
    payment.direction,
    (payment.direction === 'sent' ? payment.to : payment.from) ?? '',
    own.amount,
    own.currency,
    other.amount,
    other.currency,
    payment.memo ?? '',
  ];
}

function moneyField(label: string, money: MoneyJson | null, look: Pick<Look, 'locale'>): Field {
  return money === null
    ? { label, people: undefined }
    : { label, people: () => moneyText(money, look.locale), machine: [money.amount, money.currency] };
}

function partyField(label: string, username: string | null, nameOf: NameOf): Field {
  return username === null
    ? { label, people: undefined }
    : { label, people: nameOf(username), machine: [username] };
}

/** The fields of one payment, whoever looks at it. */
export function paymentFields(
  payment: Omit<PaymentJson, 'direction'>,
  look: Look,
  nameOf: NameOf = bareName,
): Field[] {
  const { sent, received, createdAt } = payment;
  return [
    { label: 'payment', people: payment.id ?? undefined },
    { label: 'kind', people: kindTexts[payment.kind] ?? payment.kind, machine: [payment.kind] },
    partyField('from', payment.from, nameOf),
    partyField('to', payment.to, nameOf),
    moneyField('sent', sent, look),
    moneyField('received', received, look),
    { label: 'rate', people: sent.currency === received.currency ? undefined : payment.rate },
    { label: 'memo', people: payment.memo ?? undefined },
    { label: 'request', people: payment.requestId ?? undefined },
    { label: 'refund of', people: payment.refundOf ?? undefined },
    moneyField('refunded', payment.refunded, look),
    { label: 'corrects', people: payment.corrects ?? undefined },
    { label: 'corrected by', people: payment.correctedBy.join(', ') || undefined },
    moneyField('balance after', payment.balanceAfter, look),
    {
      label: 'time',
      people: () => `${localTime(createdAt)} (${relativeTime(createdAt, look.now())})`,
      machine: [createdAt],
    },
  ];
}

/** Shows one payment whole, its parties by name; `json` is what programs get, where that is more than the payment. */
export async function showPayment(
  context: Context,
  payment: PaymentJson,
  json: object = payment,
): Promise<void> {
  const nameOf = await partyNames(context, [payment]);
  await showCard(context, json, paymentFields(payment, context, nameOf));
}
