import type { PaymentJson } from '../../server/features/payments/wire.js';
import type { MoneyJson } from '../../server/money/wire.js';
import type { ListWriter } from '../lists/list-writer.js';
import { visible } from '../terminal/visible.js';
import { atMost, type Booking, bookingOf, kindText, notesOf } from './booking.js';

const accounts = {
  income: 'Income:Pay',
  expenses: 'Expenses:Pay',
  opening: 'Equity:Pay:Opening Credit',
  adjustments: 'Equity:Pay:Adjustments',
} as const;

// Ledger reads lines of up to 4,095 bytes.
const descriptionBytes = 3_000;

/** Whom with, and what for. A semicolon would begin a comment, in which text can be a tag or a date. */
function descriptionOf(booking: Booking): string {
  const words = [booking.other ?? kindText(booking), ...(booking.memo === null ? [] : [booking.memo])];
  return atMost(visible(words.join(' | ')).replaceAll(';', '；'), descriptionBytes);
}

const moneyOf = ({ amount, currency }: MoneyJson) => `${amount} ${currency}`;

/** What the other side's currency cost or brought: the total, which has no sign. */
function costOf({ own, isConverted }: Booking): string {
  return isConverted ? ` @@ ${moneyOf({ ...own, amount: own.amount.replace('-', '') })}` : '';
}

function transactionText(booking: Booking): string {
  const { day, id, owner, own, against, category } = booking;
  return [
    `${day} * (${id}) ${descriptionOf(booking)}`,
    ...notesOf(booking).map(([name, value]) => `    ; ${name}: ${value}`),
    `    Assets:Pay:${owner}  ${moneyOf(own)}`,
    `    ${accounts[category]}  ${moneyOf(against)}${costOf(booking)}`,
    '\n',
  ].join('\n');
}

/** A journal that Ledger and hledger read, also when they are told to be strict. */
export function makeLedgerWriter(): ListWriter<PaymentJson> {
  const declared = new Set<string>();
  let count = 0;

  function once(name: string, text: () => string): string {
    if (declared.has(name)) {
      return '';
    }
    declared.add(name);
    return text();
  }

  function declarationsFor({ owner, category, own, against }: Booking): string {
    const account = (name: string) => once(name, () => `account ${name}\n\n`);
    return [
      account(`Assets:Pay:${owner}`),
      account(accounts[category]),
      ...[own, against].map(({ currency }) => once(currency, () => `commodity ${currency}\n\n`)),
    ].join('');
  }

  return {
    begin: () =>
      ['time', 'kind', 'request', 'refund-of']
        .map((name) => `tag ${name}\n`)
        .join('')
        .concat('\n'),
    items(some: readonly PaymentJson[]) {
      count += some.length;
      return some
        .map(bookingOf)
        .map((booking) => declarationsFor(booking) + transactionText(booking))
        .join('');
    },
    end: () => `; The end. Payments: ${count}\n`,
  };
}
