import { type Dialect, dialectOf } from '../../../db/dialect.js';
import { readInOrder } from '../../../db/open/read-in-order.js';
import type { Snapshot } from '../../../db/open/snapshot.js';
import { type EntryKind, type EntryRow, isOfKindOf, type PaymentRow } from '../../../db/tables/payments.js';

export interface BookedPayment {
  readonly payment: PaymentRow;
  /** The entries on the accounts that the payment must have moved money on, in the order of their lines. */
  readonly entries: readonly EntryRow[];
}

const systemAccount = (kind: 'issuance' | 'exchange', currency: string) =>
  `(select a.id from accounts as a where a.user_id is null and a.kind = '${kind}' and a.currency = ${currency})`;

const endAccount = (userId: string, currency: string) =>
  `case when ${userId} is null then ${systemAccount('issuance', currency)} else (select a.id from accounts as a where a.user_id = ${userId}) end`;

const passedAccount = (payment: string, currency: string) =>
  `case when ${payment}.sent_currency <> ${payment}.received_currency then ${systemAccount('exchange', currency)} end`;

/** The accounts that a payment must have entries on, as a list in SQL. */
const accountsOf = (payment: string) =>
  [
    endAccount(`${payment}.from_user_id`, `${payment}.sent_currency`),
    endAccount(`${payment}.to_user_id`, `${payment}.received_currency`),
    passedAccount(payment, `${payment}.sent_currency`),
    passedAccount(payment, `${payment}.received_currency`),
  ].join(', ');

type Line = readonly [accountId: number, kind: EntryKind, line: number, amount: number, balanceAfter: number];

function linesOfPayment({ jsonArray, jsonList }: Dialect): string {
  const line = jsonArray(['e.account_id', 'e.kind', 'e.line', 'e.amount', 'e.balance_after']);
  return `(select ${jsonList(line)} from entries as e where e.account_id in (${accountsOf('t')}) and ${isOfKindOf('e', 't')} and e.payment_id = t.id)`;
}

function booked({ lines, ...payment }: PaymentRow & { readonly lines: readonly Line[] }): BookedPayment {
  const entries = lines.map(([account_id, kind, line, amount, balance_after]) => ({
    ...{ account_id, kind, payment_id: payment.id, line, amount, balance_after },
  }));
  return { payment, entries: entries.sort((one, other) => one.line - other.line) };
}

/** Every payment with its entries, in the order in which they were booked, page by page. */
export async function* readBookedPayments(snapshot: Snapshot): AsyncGenerator<readonly BookedPayment[]> {
  const reading = {
    table: 'payments',
    key: ['id'],
    joined: { lines: linesOfPayment(dialectOf(snapshot)) },
  } as const;
  for await (const page of readInOrder<PaymentRow & { readonly lines: readonly Line[] }>(snapshot, reading)) {
    yield page.map(booked);
  }
}

/** The entries that no payment accounts for: there is none of that number and kind, or it moves nothing on that account. */
export function readStrayEntries(snapshot: Snapshot): AsyncGenerator<readonly EntryRow[]> {
  return readInOrder<EntryRow>(snapshot, {
    table: 'entries',
    key: ['account_id', 'kind', 'payment_id'],
    where: `not exists (select 1 from payments as p where p.id = t.payment_id and ${isOfKindOf('t', 'p')} and t.account_id in (${accountsOf('p')}))`,
  });
}
