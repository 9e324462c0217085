import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { openReaders } from '../../../db/connect.js';
import type { IdempotencyKeyRow } from '../../../db/tables/acts.js';
import type { EntryRow, PaymentRow, RatesRow } from '../../../db/tables/payments.js';
import type { AccountRow } from '../../../db/tables/users.js';
import { genesisHash, paymentHash } from '../../../server/ledger/chain.js';
import { readRows } from '../../db/support/stored-rows.js';

export interface Books {
  readonly accounts: readonly AccountRow[];
  /** In the order of the chain. */
  readonly payments: readonly PaymentRow[];
  readonly entries: readonly EntryRow[];
  readonly rates: readonly RatesRow[];
  readonly keys: readonly IdempotencyKeyRow[];
}

/** The books as the database holds them at one moment, beside a server that is running or after one that is not. */
export async function readBooks(data: string): Promise<Books> {
  const readers = openReaders(join(data, 'pay.db'), 1);
  try {
    return await readers.transaction(async (trx) => ({
      accounts: await readRows(trx, 'accounts'),
      payments: await readRows(trx, 'payments'),
      entries: (await readRows(trx, 'entries')).sort((one, other) => one.line - other.line),
      rates: await readRows(trx, 'rates'),
      keys: await readRows(trx, 'idempotency_keys'),
    }));
  } finally {
    await readers.destroy();
  }
}

function groupBy<Thing, Key>(things: readonly Thing[], keyOf: (thing: Thing) => Key): Map<Key, Thing[]> {
  const groups = new Map<Key, Thing[]>();
  for (const thing of things) {
    const key = keyOf(thing);
    const group = groups.get(key);
    if (group) {
      group.push(thing);
    } else {
      groups.set(key, [thing]);
    }
  }
  return groups;
}

/** What is wrong with each of many things, so that to look at thousands is one assertion. */
const problemsOf = <Thing>(
  things: readonly Thing[],
  problem: (thing: Thing, place: number) => string | false,
) => things.flatMap((thing, place) => problem(thing, place) || []);

function brokenLinks({ payments, entries, rates }: Books): readonly string[] {
  const ratesOf = ({ rates_id }: Pick<PaymentRow, 'rates_id'>) =>
    rates.find(({ id }) => id === rates_id) ?? null;
  const linesOf = groupBy(entries, (entry) => entry.payment_id);
  return problemsOf(payments, (payment, place) => {
    const { hash, memo_folded: _, ...contents } = payment;
    const before = payments[place - 1];
    const isLinked =
      payment.position === place + 1 &&
      hash ===
        paymentHash(contents, linesOf.get(payment.id) ?? [], ratesOf(payment), before?.hash ?? genesisHash);
    return !isLinked && `${payment.id} breaks the chain at ${payment.position}`;
  });
}

const timesThatRunBackwards = ({ payments }: Books) =>
  problemsOf(payments, ({ id, created_at }, place) => {
    const before = payments[place - 1];
    return before !== undefined && before.created_at > created_at && `${id} is earlier than ${before.id}`;
  });

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + BigInt(number), 0n);

const unbalancedCurrencies = ({ accounts }: Books) =>
  problemsOf([...groupBy(accounts, ({ currency }) => currency)], ([currency, its]) => {
    const total = sum(its.map(({ balance }) => balance));
    return total !== 0n && `${currency} sums to ${total}`;
  });

function wrongBalances({ accounts, entries }: Books): readonly string[] {
  const entriesOf = groupBy(entries, (entry) => entry.account_id);
  return problemsOf(accounts, ({ id, kind, balance }) => {
    const total = sum((entriesOf.get(id) ?? []).map(({ amount }) => amount));
    const isRight = total === BigInt(balance) && (kind !== 'customer' || balance >= 0);
    return !isRight && `${id} has ${balance}, its entries ${total}`;
  });
}

/** A key stands for the one payment that it names, and every transfer of these tests has a key. */
function wrongKeys({ payments, keys }: Books): readonly string[] {
  const transfers = new Set(payments.filter(({ kind }) => kind === 'transfer').map(({ id }) => id));
  const answered = keys.flatMap(({ status, payment_id }) => (status === 201 ? [payment_id ?? 0] : []));
  const isSame = new Set(answered).size === answered.length && answered.length === transfers.size;
  return isSame && answered.every((id) => transfers.has(id))
    ? []
    : [`${answered.length} keys moved money, ${transfers.size} payments were made`];
}

/**
 * Asserts what must be true of the books whatever has happened: every currency sums to zero, every balance equals its
 * entries and none of a customer is negative, the chain of hashes is whole, times do not run backwards, and each key
 * has moved money once.
 */
export function assertWhole(t: ExecutionContext, books: Books): void {
  t.deepEqual(
    [unbalancedCurrencies, wrongBalances, brokenLinks, timesThatRunBackwards, wrongKeys].flatMap((find) =>
      find(books),
    ),
    [],
  );
}

export const transfersOf = ({ payments }: Books): readonly PaymentRow[] =>
  payments.filter(({ kind }) => kind === 'transfer');
