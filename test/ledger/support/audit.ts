import { createHash } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import type { EntryRow, PaymentRow, RatesRow } from '../../../db/tables/payments.js';
import type { RequestRow } from '../../../db/tables/requests.js';
import type { AccountRow } from '../../../db/tables/users.js';
import { publicId } from '../../../server/ids.js';
import { auditHeads, auditTrail } from './audit-trail.js';
import type { Tables } from './tables.js';

/**
 * What is wrong with the books, worked out anew from the rows alone, with nothing of the program's own code: each
 * sentence is a rule of the ledger that does not hold. Empty when all do.
 */
export function auditBooks(tables: Tables): readonly string[] {
  const payments = tables.payments.toSorted((one, other) => one.position - other.position);
  const entriesOf = groupBy(tables.entries, ({ payment_id }) => payment_id);
  const lines = payments.map((payment) => ({
    payment,
    rates: tables.rates.find(({ id }) => id === payment.rates_id),
    entries: (entriesOf.get(payment.id) ?? []).toSorted((one, other) => one.line - other.line),
  }));
  return [
    ...auditBalances(tables),
    ...[...groupBy(lines, ({ payment }) => String(payment.chain)).values()].flatMap(auditChain),
    ...lines.flatMap(({ payment, entries }) => auditPayment(payment, entries, tables)),
    ...auditRunningBalances(inOrder(lines), tables),
    ...auditKeys(tables),
    ...auditRequests(tables),
    ...auditRefunds(tables),
    ...auditReceipts(tables),
    ...auditTrail(tables),
    ...auditHeads(tables),
  ];
}

interface Booked {
  readonly payment: PaymentRow;
  readonly entries: readonly EntryRow[];
  /** Whence its rate is. */
  readonly rates: RatesRow | undefined;
}

function groupBy<Item, Key>(
  items: readonly Item[],
  keyOf: (item: Item) => Key,
): ReadonlyMap<Key, readonly Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) {
      group.push(item);
    } else {
      groups.set(keyOf(item), [item]);
    }
  }
  return groups;
}

/** As they were committed, whichever chain they stand in. */
const inOrder = (lines: readonly Booked[]) =>
  lines.toSorted((one, other) => (one.payment.id < other.payment.id ? -1 : 1));

const total = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + BigInt(number), 0n);

/** Only what can be seen in the accounts: cheap enough for every step. */
export function auditBalances({ accounts }: Pick<Tables, 'accounts'>): readonly string[] {
  const byCurrency = groupBy(accounts, ({ currency }) => currency);
  const sums = [...byCurrency].map(([currency, members]) => ({
    currency,
    sum: total(members.map(({ balance }) => balance)),
  }));
  return [
    ...sums.filter(({ sum }) => sum !== 0n).map(({ currency, sum }) => `${currency} sums to ${sum}`),
    ...accounts.filter(isOutOfRange).map(({ id, balance }) => `${id} holds ${balance}`),
  ];
}

function isOutOfRange({ kind, balance }: AccountRow): boolean {
  const isWrongSign = (kind === 'customer' && balance < 0) || (kind === 'issuance' && balance > 0);
  return isWrongSign || !Number.isSafeInteger(balance);
}

/** The hash as the design describes it, written down a second time. */
function hashOf({ payment, entries, rates }: Booked, previousHash: string): string {
  const { chain, position, id, kind, from_user_id, to_user_id } = payment;
  const { sent_amount, sent_currency, received_amount, received_currency, rate } = payment;
  const { memo, request_id, refund_of, corrects, act, created_at } = payment;
  const text = JSON.stringify([
    ...[previousHash, chain, position, id, kind, from_user_id, to_user_id],
    ...[sent_amount, sent_currency, received_amount, received_currency, rate],
    rates ? [rates.id, rates.as_of, rates.source] : null,
    ...[memo, request_id, refund_of, corrects, act, created_at],
    entries.map(({ line, account_id, amount, balance_after }) => [line, account_id, amount, balance_after]),
  ]);
  return createHash('sha256').update(text).digest('hex');
}

function auditChain(lines: readonly Booked[]): readonly string[] {
  let before: Pick<PaymentRow, 'id' | 'hash' | 'position' | 'created_at'> = {
    id: 0,
    hash: '0'.repeat(64),
    position: 0,
    created_at: 0,
  };
  return lines.flatMap(({ payment, entries, rates }) => {
    const faults = [
      payment.position !== before.position + 1 && 'does not follow on the position before it',
      payment.hash !== hashOf({ payment, entries, rates }, before.hash) &&
        'has another hash than its contents',
      payment.created_at < before.created_at && 'is older than the payment before it',
      payment.id <= before.id && 'does not sort after the payment before it',
    ];
    before = payment;
    return faults.filter((fault) => fault !== false).map((fault) => `payment ${payment.position} ${fault}`);
  });
}

function auditPayment(payment: PaymentRow, entries: readonly EntryRow[], tables: Tables): readonly string[] {
  const accounts = entries.map(({ account_id }) => tables.accounts.find(({ id }) => id === account_id));
  const sums = groupBy(
    entries.map(({ amount }, index) => ({ amount, currency: accounts[index]?.currency ?? 'none' })),
    ({ currency }) => currency,
  );
  const isConversion = payment.sent_currency !== payment.received_currency;
  const holder = (userId: number | null, account: AccountRow | undefined) =>
    userId === null ? account?.kind === 'issuance' : account?.user_id === userId;
  const faults = [
    [...sums.values()].some((members) => total(members.map(({ amount }) => amount)) !== 0n) &&
      'does not sum to zero in each currency',
    entries.some(({ line }, index) => line !== index + 1) && 'has gaps in its lines',
    entries.length !== (isConversion ? 4 : 2) && `has ${entries.length} entries`,
    entries.at(0)?.amount !== -payment.sent_amount && 'debits another amount than it says',
    entries.at(-1)?.amount !== payment.received_amount && 'credits another amount than it says',
    accounts.at(0)?.currency !== payment.sent_currency && 'is debited in another currency than it says',
    accounts.at(-1)?.currency !== payment.received_currency && 'is credited in another currency than it says',
    !holder(payment.from_user_id, accounts.at(0)) && 'debits the account of somebody else',
    !holder(payment.to_user_id, accounts.at(-1)) && 'credits the account of somebody else',
    accounts.slice(1, -1).some((account) => account?.kind !== 'exchange') && 'converts outside the exchange',
  ];
  return faults.filter((fault) => fault !== false).map((fault) => `payment ${payment.position} ${fault}`);
}

function auditRunningBalances(lines: readonly Booked[], { accounts }: Tables): readonly string[] {
  const balances = new Map<number, bigint>(accounts.map(({ id }) => [id, 0n]));
  const wrongAfter = lines.flatMap(({ payment, entries }) =>
    entries.flatMap(({ account_id, amount, balance_after, line }) => {
      const balance = (balances.get(account_id) ?? 0n) + BigInt(amount);
      balances.set(account_id, balance);
      return balance === BigInt(balance_after)
        ? []
        : [`line ${line} of payment ${payment.position} says ${balance_after} where ${balance} is left`];
    }),
  );
  const wrongNow = accounts
    .filter(({ id, balance }) => balances.get(id) !== BigInt(balance))
    .map(({ id, balance }) => `${id} holds ${balance}, its entries give ${balances.get(id)}`);
  return [...wrongAfter, ...wrongNow];
}

const unpacked = (text: string) =>
  text.startsWith('=') ? inflateRawSync(Buffer.from(text.slice(1), 'base64')).toString() : text;

/** What the answer under a key names as made by it: one thing, or the payments of a payout. */
function madeUnder({
  rule,
  answer,
  location,
  payment_id,
}: Tables['idempotency_keys'][number]): readonly string[] {
  if (payment_id !== null) {
    const { paid } = rule === 'send-payout' ? JSON.parse(unpacked(answer ?? '')) : { paid: 1 };
    return Array.from({ length: paid }, (_, place) => `/v1/payments/${publicId('pay', payment_id + place)}`);
  }
  return location === null ? [] : [location];
}

/** A key that moved money moved it once: each names a payment of its own, and none that moved between users is without one. */
function auditKeys({ idempotency_keys, payments, requests }: Tables): readonly string[] {
  // Several keys may add people to one collection, whose requests have no keys of their own.
  const named = idempotency_keys.flatMap(madeUnder).filter((it) => !it.startsWith('/v1/collections/'));
  const kept = payments.filter(({ kind }) => kind === 'transfer' || kind === 'refund');
  const adjusted = payments.filter(({ kind }) => kind === 'adjustment');
  const made = [
    ...kept.map(({ id }) => `/v1/payments/${publicId('pay', id)}`),
    ...adjusted.map(({ id }) => `/v1/admin/payments/${publicId('pay', id)}`),
    ...requests
      .filter(({ collection_id }) => collection_id === null)
      .map(({ id }) => `/v1/requests/${publicId('req', id)}`),
  ];
  const accepted = idempotency_keys.filter(({ rule, status }) => rule === 'accept-request' && status === 200);
  const paid = payments.filter(({ kind }) => kind === 'request');
  return [
    ...(new Set(named).size === named.length ? [] : ['two keys name the same payment']),
    ...named
      .filter((location) => !made.includes(location))
      .map((it) => `a key names ${it}, which is not there`),
    ...(named.length === made.length
      ? []
      : [`${named.length} keys made ${made.length} payments or requests`]),
    ...(accepted.length === paid.length ? [] : [`${accepted.length} keys paid ${paid.length} requests`]),
  ];
}

/** The receiver of a transfer is told of it once, by the entry of their account or by an event; nobody else by a receipt. */
function auditReceipts({ accounts, entries, events, payments }: Tables): readonly string[] {
  const ownerOf = new Map(accounts.map(({ id, user_id }) => [id, user_id]));
  const receipts = entries.filter(({ kind }) => kind === 'receipt');
  const told = [
    ...receipts.map(({ account_id, payment_id }) => `${payment_id} ${ownerOf.get(account_id)}`),
    ...events
      .filter(({ type }) => type === 'payment.received')
      .map(({ user_id, payment_id }) => `${payment_id} ${user_id}`),
  ];
  const times = groupBy(told, (it) => it);
  const transfers = payments
    .filter(({ kind }) => kind === 'transfer')
    .map(({ id, to_user_id }) => `${id} ${to_user_id}`);
  const known = new Set(transfers);
  const amiss = receipts
    .map(({ account_id, payment_id }) => `${payment_id} ${ownerOf.get(account_id)}`)
    .filter((it) => !known.has(it));
  return [
    ...transfers
      .map((it) => ({ it, tellings: times.get(it)?.length ?? 0 }))
      .filter(({ tellings }) => tellings !== 1)
      .map(({ it, tellings }) => `payment ${it} is told to its receiver ${tellings} times`),
    ...amiss.map((it) => `payment ${it} has a receipt that is none`),
  ];
}

/** A request is paid by one payment, which says so, between its two sides, of its amount; no other is. */
function auditRequests({ requests, payments }: Tables): readonly string[] {
  const paying = groupBy(
    payments.filter(({ request_id }) => request_id !== null),
    ({ request_id }) => request_id,
  );
  return requests.flatMap((request) => {
    const its = paying.get(request.id) ?? [];
    const [payment] = its;
    const isPaid = request.status === 'paid';
    const faults = [
      its.length !== (isPaid ? 1 : 0) && `is ${request.status} and was paid ${its.length} times`,
      request.payment_id !== (payment?.id ?? null) && 'names another payment than its own',
      payment && !paysAsAsked(payment, request) && 'was paid by another payment than was asked for',
      (request.closed_at === null) !== (request.status === 'pending') &&
        'has no time of its closing, or too early',
    ];
    return faults
      .filter((fault) => typeof fault === 'string')
      .map((fault) => `request ${request.id} ${fault}`);
  });
}

function paysAsAsked(payment: PaymentRow, request: RequestRow): boolean {
  const { amount, currency } = request;
  return (
    payment.kind === 'request' &&
    payment.from_user_id === request.payer_id &&
    payment.to_user_id === request.requester_id &&
    ((payment.sent_currency === currency && payment.sent_amount === amount) ||
      (payment.received_currency === currency && payment.received_amount === amount))
  );
}

/** All that was given back of a payment is no more than was sent, and took no more than was received; the whole just that. */
function auditRefunds({ payments }: Tables): readonly string[] {
  const refundsOf = groupBy(
    payments.filter(({ kind }) => kind === 'refund'),
    ({ refund_of }) => refund_of,
  );
  const byId = new Map(payments.map((payment) => [payment.id, payment]));
  return [...refundsOf].flatMap(([id, refunds]) => {
    const original = byId.get(id ?? 0);
    if (!original || (original.kind !== 'transfer' && original.kind !== 'request')) {
      return [`what cannot be refunded, ${id}, was`];
    }
    const back = total(refunds.map(({ received_amount }) => received_amount));
    const taken = total(refunds.map(({ sent_amount }) => sent_amount));
    const [sent, received] = [BigInt(original.sent_amount), BigInt(original.received_amount)];
    const isTurned = refunds.every(
      (refund) => refund.from_user_id === original.to_user_id && refund.to_user_id === original.from_user_id,
    );
    const faults = [
      back > sent && 'was given back beyond what was sent',
      taken > received && 'cost more to give back than was received',
      back === sent && taken !== received && 'was given back whole for another amount than was received',
      taken < received && taken * sent < received * back && 'was given back for less than its share',
      !isTurned && 'was given back between others',
    ];
    return faults.filter((fault) => fault !== false).map((fault) => `payment ${original.position} ${fault}`);
  });
}
