import type { PaymentJson } from '../../server/features/payments/wire.js';
import type { MoneyJson } from '../../server/money/wire.js';
import { visible } from '../terminal/text/visible.js';
import { type AccountWriter, declarationsText, type Wanted } from './account-writer.js';
import { atMost, type Booking, bookingOf, checkedMoney, kindText, notesOf } from './booking.js';

const accounts = {
  income: 'Income:Pay',
  expenses: 'Expenses:Pay',
  opening: 'Equity:Pay:Opening Credit',
  adjustments: 'Equity:Pay:Adjustments',
} as const;

// Ledger reads lines of up to 4,095 bytes.
const descriptionBytes = 3_000;

/**
 * The description of a booking: with whom, and what for. A semicolon would begin a comment, in which text can be a tag or a
 * date.
 */
function descriptionOf(booking: Booking): string {
  const words = [booking.other ?? kindText(booking), ...(booking.memo === null ? [] : [booking.memo])];
  return atMost(visible(words.join(' | ')).replaceAll(';', '；'), descriptionBytes);
}

const moneyOf = ({ amount, currency }: MoneyJson) => `${amount} ${currency}`;

/** The cost of the other side's currency, or what it brought: the total, which has no sign. */
function costOf({ own, isConverted }: Booking): string {
  return isConverted ? ` @@ ${moneyOf({ ...own, amount: own.amount.replace('-', '') })}` : '';
}

/** The assertion of the balance after a payment, where that is to be checked by whoever reads the journal. */
function assertionOf({ balanceAfter }: PaymentJson, isAsserted: boolean): string {
  return isAsserted && balanceAfter !== null ? ` = ${moneyOf(checkedMoney(balanceAfter))}` : '';
}

function transactionText(payment: PaymentJson, isAsserted: boolean): string {
  const booking = bookingOf(payment);
  const { day, id, owner, own, against, category } = booking;
  return [
    `${day} * (${id}) ${descriptionOf(booking)}`,
    ...notesOf(booking).map(([name, value]) => `    ; ${name}: ${value}`),
    `    Assets:Pay:${owner}  ${moneyOf(own)}${assertionOf(payment, isAsserted)}`,
    `    ${accounts[category]}  ${moneyOf(against)}${costOf(booking)}`,
    '\n',
  ].join('\n');
}

/** The decimal mark, without which hledger reads an amount by the decimal mark of the journal that includes this one; Ledger passes over it. */
const decimalMark = 'decimal-mark .\n\n';

/** A journal that Ledger and hledger read, also when they are told to be strict. */
export function makeLedgerWriter({ hasDeclarations, isWhole }: Wanted): AccountWriter {
  const declared = new Set(['time', 'kind', 'request', 'refund-of'].map((name) => `tag ${name}`));
  let count = 0;

  function declare({ owner, category, own, against }: Booking): void {
    declared.add(`account Assets:Pay:${owner}`).add(`account ${accounts[category]}`);
    declared.add(`commodity ${own.currency}`).add(`commodity ${against.currency}`);
  }

  return {
    payment(payment) {
      count += 1;
      declare(bookingOf(payment));
      return transactionText(payment, isWhole && count === 1);
    },
    head: () => decimalMark + declarationsText([...declared], hasDeclarations),
    end: () => `; The end. Payments: ${count}\n`,
  };
}
