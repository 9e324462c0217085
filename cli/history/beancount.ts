import type { PaymentJson } from '../../server/features/payments/wire.js';
import type { MoneyJson } from '../../server/money/wire.js';
import { visible } from '../terminal/text/visible.js';
import { type AccountWriter, declarationsText, type Wanted } from './account-writer.js';
import { type Booking, bookingOf, checkedMoney, kindText, notesOf } from './booking.js';

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

/**
 * What the account gained or lost. Beancount divides a cost by the amount and multiplies it again, to 28 digits, and
 * forgives what is lost only in a currency that it sees with decimals: one that has none is written with one.
 */
function ownText({ own, isConverted }: Booking): string {
  const needsDecimal = isConverted && !own.amount.includes('.');
  return moneyOf(needsDecimal ? { ...own, amount: `${own.amount}.0` } : own);
}

function postingsOf(booking: Booking): string[] {
  const { owner, own, against, category, isConverted } = booking;
  const cost = isConverted ? ` @@ ${moneyOf({ ...own, amount: own.amount.replace('-', '') })}` : '';
  return [
    `  Assets:Pay:${accountPart(owner)}  ${ownText(booking)}`,
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

const dayMs = 86_400_000;

/** The assertion of a balance, which Beancount checks before the first payment of a day: hence of the day after. */
function assertionText({ owner, day }: Booking, balance: MoneyJson): string {
  const nextDay = new Date(Date.parse(day) + dayMs).toISOString().slice(0, 10);
  return `${nextDay} balance Assets:Pay:${accountPart(owner)}  ${moneyOf(checkedMoney(balance))}\n\n`;
}

/** A file that Beancount reads, on its own or included from another: it sets no option, which only the outermost may. */
export function makeBeancountWriter({ hasDeclarations, isWhole }: Wanted): AccountWriter {
  const declared = new Set<string>();
  let count = 0;
  let newest: PaymentJson | undefined;

  /** Accounts are opened on a day before all payments. */
  function declare({ owner, category, own }: Booking): void {
    declared.add(`1970-01-01 open Assets:Pay:${accountPart(owner)} ${own.currency}`);
    declared.add(`1970-01-01 open ${accounts[category]}`);
  }

  return {
    payment(payment) {
      const booking = bookingOf(payment);
      newest ??= payment;
      count += 1;
      declare(booking);
      return transactionText(booking);
    },
    head: () => declarationsText([...declared], hasDeclarations),
    end() {
      const assertion =
        isWhole && newest?.balanceAfter ? assertionText(bookingOf(newest), newest.balanceAfter) : '';
      return `${assertion}; The end. Payments: ${count}\n`;
    },
  };
}
