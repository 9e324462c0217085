import type { Knex } from 'knex';
import type { Database } from '../../../db/connect.js';
import { dialectOf } from '../../../db/dialect.js';
import { readAsTexts } from '../../../db/rows-as-texts.js';
import { type EntryRow, payments } from '../../../db/tables/payments.js';
import type { PaymentView, SeenPayment, SeenPaymentRow } from './wire.js';

interface SeenRow extends SeenPaymentRow {
  readonly from_name: string | null;
  readonly to_name: string | null;
  readonly refunded: number;
  /** The numbers of the payments that correct it, as JSON. */
  readonly corrected_by: string;
  /** The date of the rates; null within one currency. */
  readonly rates_as_of: string | null;
  readonly rates_source: string | null;
}

type ViewRow = SeenRow & Pick<EntryRow, 'amount' | 'balance_after'>;

/** What is read of a payment itself: the hash is for those who check the books. */
const paymentColumns = payments.columns.filter((column) => column !== 'hash');

const seenColumns = [
  ...paymentColumns,
  'from_name',
  'to_name',
  'refunded',
  'corrected_by',
  'rates_as_of',
  'rates_source',
] as const;

const viewColumns = [...seenColumns, 'amount', 'balance_after'] as const;

/** Reads the payments of a query that `withSeen` has added to. */
export const readSeen = async (
  readers: Database,
  query: Knex.QueryBuilder,
): Promise<readonly SeenPayment[]> => (await readAsTexts<SeenRow>(readers, query, seenColumns)).map(seenOf);

/** The same of a query that selects the viewer's entries besides. */
export const readViews = async (
  readers: Database,
  query: Knex.QueryBuilder,
): Promise<readonly PaymentView[]> => (await readAsTexts<ViewRow>(readers, query, viewColumns)).map(viewOf);

/** The row is handed on as it is: to copy its columns would take as long as to read them. */
function seenOf(row: SeenRow): SeenPayment {
  const { rates_as_of, rates_source } = row;
  const rates =
    rates_as_of === null || rates_source === null ? null : { as_of: rates_as_of, source: rates_source };
  const correctedBy = row.corrected_by === '[]' ? [] : JSON.parse(row.corrected_by);
  return { payment: row, from: row.from_name, to: row.to_name, refunded: row.refunded, correctedBy, rates };
}

const viewOf = (row: ViewRow): PaymentView => ({
  ...seenOf(row),
  amount: row.amount,
  balanceAfter: row.balance_after,
});

/** The corrections that are seen: those that are payments of the account whose entries `e` the query reads, or all. */
const seenCorrections = {
  own: "and exists (select 1 from entries as o where o.account_id = e.account_id and o.kind = 'adjustment' and o.payment_id = c.id)",
  all: '',
} as const;

/**
 * Adds to the payments `p` of a query what is seen of them besides: the names of both sides, what was given back, and what
 * corrects them.
 */
export function withSeen(
  readers: Database,
  query: Knex.QueryBuilder,
  corrections: keyof typeof seenCorrections,
): Knex.QueryBuilder {
  const { jsonList, jsonText } = dialectOf(readers);
  const correcting = jsonText(jsonList('c.id', 'c.id'));
  return query
    .leftJoin('users as f', 'f.id', 'p.from_user_id')
    .leftJoin('users as t', 't.id', 'p.to_user_id')
    .leftJoin('rates as q', 'q.id', 'p.rates_id')
    .select(
      ...paymentColumns.map((column) => `p.${column}`),
      'f.username as from_name',
      't.username as to_name',
      'q.as_of as rates_as_of',
      'q.source as rates_source',
      readers.raw(
        '(select coalesce(sum(r.received_amount), 0) from payments as r where r.refund_of = p.id) as refunded',
      ),
      readers.raw(
        `(select ${correcting} from payments as c where c.corrects = p.id ${seenCorrections[corrections]}) as corrected_by`,
      ),
    );
}
