import type { TableForm } from './table-form.js';

/** A table of rates as it came into force; the newest is the one that counts. */
export interface RatesRow {
  readonly id: number;
  /** The date of the rates, as YYYY-MM-DD. */
  readonly as_of: string;
  /** Where they come from. */
  readonly source: string;
  readonly base: string;
  /** JSON: of each currency its code, name, symbol, digits and rate. */
  readonly currencies: string;
  readonly created_at: number;
}

export const rates: TableForm<RatesRow> = {
  columns: ['id', 'as_of', 'source', 'base', 'currencies', 'created_at'],
  primaryKey: ['id'],
  changeable: [],
  bytes: [],
  isNumbered: true,
};

export type PaymentKind = 'opening_credit' | 'transfer' | 'request' | 'refund' | 'adjustment';

export interface PaymentRow {
  readonly id: number;
  /** Which writer's chain of hashes the payment stands in, and where. */
  readonly chain: number;
  readonly position: number;
  readonly kind: PaymentKind;
  readonly from_user_id: number | null;
  readonly to_user_id: number | null;
  readonly sent_amount: number;
  readonly sent_currency: string;
  readonly received_amount: number;
  readonly received_currency: string;
  readonly rate: string;
  /** The rates that the rate is of; null within one currency. */
  readonly rates_id: number | null;
  readonly memo: string | null;
  /** The memo in lower case, to be searched regardless of case in any script; null where it is no other text. */
  readonly memo_folded: string | null;
  readonly request_id: number | null;
  readonly refund_of: number | null;
  /** The payment that an adjustment corrects. */
  readonly corrects: number | null;
  /** The number that acts which are alike share; null where nobody is asked about the like of it. */
  readonly act: number | null;
  readonly created_at: number;
  /** SHA-256 over all of this but the folded memo, the entries, date and source of the rates, and the hash of the payment before it in the chain. */
  readonly hash: string;
}

export const payments: TableForm<PaymentRow> = {
  columns: [
    'id',
    'chain',
    'position',
    'kind',
    'from_user_id',
    'to_user_id',
    'sent_amount',
    'sent_currency',
    'received_amount',
    'received_currency',
    'rate',
    'rates_id',
    'memo',
    'memo_folded',
    'request_id',
    'refund_of',
    'corrects',
    'act',
    'created_at',
    'hash',
  ],
  primaryKey: ['id'],
  changeable: [],
  bytes: ['hash'],
  isNumbered: true,
};

/** The kind of the payment; `receipt` where it is a transfer and the entry is what its receiver is told of it by. */
export type EntryKind = PaymentKind | 'receipt';

export const entryKinds = [
  'opening_credit',
  'transfer',
  'request',
  'refund',
  'adjustment',
  'receipt',
] as const satisfies readonly EntryKind[];

/** The kinds of the entries that payments of this kind may have on an account. */
export const entryKindsOf = (kind: PaymentKind): readonly EntryKind[] =>
  kind === 'transfer' ? [kind, 'receipt'] : [kind];

/** The condition in SQL that an entry is of a kind that the payment may have; both by the names that the query has for them. */
export const isOfKindOf = (entry: string, payment: string): string =>
  `${entry}.kind in (${payment}.kind, 'receipt')`;

export interface EntryRow {
  readonly account_id: number;
  /** What an account's entries stand together by, so that those of one kind are read in order. */
  readonly kind: EntryKind;
  readonly payment_id: number;
  readonly line: number;
  readonly amount: number;
  readonly balance_after: number;
}

export const entries: TableForm<EntryRow> = {
  columns: ['account_id', 'kind', 'payment_id', 'line', 'amount', 'balance_after'],
  primaryKey: ['account_id', 'kind', 'payment_id'],
  changeable: [],
  bytes: [],
  isNumbered: false,
};
