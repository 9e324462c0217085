import type { PaymentJson } from '../../server/features/payments/wire.js';
import type { MoneyJson } from '../../server/money/wire.js';
import type { ListWriter } from '../lists/list-writer.js';
import { visible } from '../terminal/visible.js';
import { type Booking, bookingOf, kindText, notesOf } from './booking.js';

const accounts = {
  income: 'Income:Pay',
  expenses: 'Expenses:Pay',
  opening: 'Equity:Pay:Opening-Credit',
  adjustments: 'Equity:Pay:Adjustments',
} as const;

const spelled: Readonly<Record<string, string>> = {
  '@': 'at',
  '.': 'dot',
  '+': 'plus',
  _: 'underscore',
  '-': 'hyphen',
};

/** A username as a part of an account's name: a capital or a digit, then letters, digits and hyphens. */
export function accountPart(username: string): string {
  const part = username.replace(/[@.+_]|^-/g, (character) => `-${spelled[character]}-`).replace(/^-/, '');
  return part.slice(0, 1).toUpperCase() + part.slice(1);
}

const quoted = (text: string) => `"${visible(text).replace(/["\\]/g, '\\$&')}"`;

const moneyOf = ({ amount, currency }: MoneyJson) => `${amount} ${currency}`;

function titleOf(booking: Booking): string {
  const { other, memo } = booking;
  return other === null
    ? quoted(memo === null ? kindText(booking) : `${kindText(booking)}: ${memo}`)
    : `${quoted(other)} ${quoted(memo ?? '')}`;
}

function postingsOf({ owner, own, against, category, isConverted }: Booking): string[] {
  const cost = isConverted ? ` @@ ${moneyOf({ ...own, amount: own.amount.replace('-', '') })}` : '';
  return [
    `  Assets:Pay:${accountPart(owner)}  ${moneyOf(own)}`,
    `  ${accounts[category]}  ${moneyOf(against)}${cost}`,
  ];
}

function transactionText(booking: Booking): string {
  const notes = [['id', booking.id] as const, ...notesOf(booking)];
  return [
    `${booking.day} * ${titleOf(booking)}`,
    ...notes.map(([name, value]) => `  ${name}: ${quoted(value)}`),
    ...postingsOf(booking),
    '\n',
  ].join('\n');
}

/** A file that Beancount reads. */
export function makeBeancountWriter(): ListWriter<PaymentJson> {
  const said = new Set<string>();
  let count = 0;

  function once(name: string, directive: string): string {
    if (said.has(name)) {
      return '';
    }
    said.add(name);
    return `${directive}\n\n`;
  }

  /** Beancount sorts by date: an account may be opened anywhere, on a day before all payments. */
  function openFor(account: string, currency = ''): string {
    return once(account, `1970-01-01 open ${account} ${currency}`.trimEnd());
  }

  /**
   * Beancount divides a cost by the amount and multiplies it again, to 28 digits, and forgives what is lost only where it
   * sees decimals.
   */
  function toleranceFor({ own, isConverted }: Booking): string {
    return isConverted && !own.amount.includes('.')
      ? once(`tolerance ${own.currency}`, `option "inferred_tolerance_default" "${own.currency}:0.01"`)
      : '';
  }

  return {
    begin: () => '',
    items(some: readonly PaymentJson[]) {
      count += some.length;
      return some
        .map(bookingOf)
        .map((booking) =>
          [
            openFor(`Assets:Pay:${accountPart(booking.owner)}`, booking.own.currency),
            openFor(accounts[booking.category]),
            toleranceFor(booking),
            transactionText(booking),
          ].join(''),
        )
        .join('');
    },
    end: () => `; The end. Payments: ${count}\n`,
  };
}
