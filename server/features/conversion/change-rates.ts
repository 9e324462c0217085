import { Refusal } from '../../errors.js';
import type { Book } from '../../ledger/book/book.js';
import { type Lookup, lookup, sumLookup } from '../../ledger/book/lookup.js';
import { recordAct } from '../../ledger/record-act.js';
import { defineRule } from '../../ledger/rule.js';
import { systemAccounts } from '../../ledger/system-accounts.js';
import {
  currenciesText,
  findRated,
  isSameTable,
  type RatedOrNot,
  type RateTable,
} from '../../money/rate-table.js';
import { ratesInForce, ratesReads, tableOf } from './rates-in-book.js';

export interface ChangeRates {
  readonly table: RateTable;
}

/** The lookup of whether anybody has an account in a currency: the least of the numbers of those, if any. */
const holders = (code: string): Lookup =>
  sumLookup('accounts', { currency: code, kind: 'customer' }, { column: 'id', from: 1 }, 'id');

/** Whether a limit is set in a currency; the row of one that was cleared stays. */
function isLimited(book: Book, code: string): boolean {
  const limit = book.find('limits', { subject: code });
  return limit !== undefined && (limit.per_payment !== null || limit.per_day !== null);
}

/** The currencies that are there no more, or have other digits. */
const takenAway = (before: RateTable, after: RateTable): readonly RatedOrNot[] =>
  before.currencies.filter(({ code, digits }) => findRated(after, code)?.digits !== digits);

function refuseInUse(book: Book, { code, digits }: RatedOrNot, after: RateTable): void {
  const isHeld = book.sum(holders(code)).first !== null;
  if (!isHeld && !isLimited(book, code)) {
    return;
  }
  const next = findRated(after, code);
  const what = next ? `have ${next.digits} digits instead of ${digits}` : 'go';
  const why = isHeld ? 'there are accounts in it' : 'a limit is set in it; clear that first';
  throw new Refusal('VALIDATION_FAILED', `${code} cannot ${what}: ${why}.`);
}

/** The differences of two tables of rates, by currency; null for what has none. */
function differences(from: RateTable, to: RateTable): Readonly<Record<string, string | null>> {
  const changed = from.currencies.filter(({ code, rate }) => {
    const other = findRated(to, code);
    return other === undefined || other.rate !== rate;
  });
  return Object.fromEntries(changed.map(({ code, rate }) => [code, rate]));
}

/**
 * Puts the operator's other currencies and rates into force: all that is decided after this goes by them. What accounts use
 * can neither vanish nor change its digits. Throws VALIDATION_FAILED.
 */
export const changeRates = defineRule<ChangeRates>('change-rates', {
  needsTime: false,

  reads(book, { table }) {
    const row = book.peek('rates', { id: book.newestId('rates') });
    return [
      ...ratesReads(book),
      ...table.currencies.flatMap(({ code }) =>
        systemAccounts(code).map(({ id }) => lookup('accounts', { id })),
      ),
      ...(row ? takenAway(tableOf(row), table) : []).flatMap(({ code }) => [
        holders(code),
        lookup('limits', { subject: code }),
      ]),
    ];
  },

  decide(book, { table }, circumstances) {
    const before = tableOf(ratesInForce(book));
    const body = { ratesAsOf: table.asOf, source: table.source };
    if (isSameTable(before, table)) {
      return { status: 200, body: { ...body, changed: false } };
    }
    for (const currency of takenAway(before, table)) {
      refuseInUse(book, currency, table);
    }
    for (const account of table.currencies.flatMap(({ code }) => systemAccounts(code))) {
      if (book.find('accounts', { id: account.id }) === undefined) {
        book.insert('accounts', account);
      }
    }
    const { base, asOf, source, currencies } = table;
    book.insert('rates', {
      id: book.newId('rates'),
      as_of: asOf,
      source,
      base,
      currencies: currenciesText(currencies),
      created_at: circumstances.moment.now,
    });
    recordAct(book, circumstances, {
      action: 'rates.changed',
      subject: source,
      before: { ratesAsOf: before.asOf, source: before.source, rates: differences(before, table) },
      after: { ...body, rates: differences(table, before) },
    });
    return { status: 200, body: { ...body, changed: true } };
  },
});
