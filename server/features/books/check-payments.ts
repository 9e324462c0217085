import { receiptType } from '../../../db/event-numbers.js';
import type { Snapshot } from '../../../db/open/snapshot.js';
import { type PaymentRates, paymentHash } from '../../ledger/chain.js';
import { type BookedPayment, readBookedPayments, readStrayEntries } from './booked-payments.js';
import type { Accounts } from './faults/accounts.js';
import { Chains, type Link } from './faults/chains.js';
import { idText } from './faults/names.js';
import { followEntries, paymentFaults } from './faults/payment-faults.js';
import type { Problems } from './faults/problems.js';
import { readHeads } from './heads.js';

type RatesById = ReadonlyMap<number | null, PaymentRates>;

/** The sources of rates, by their numbers. */
async function readRates(snapshot: Snapshot): Promise<RatesById> {
  const rows = await snapshot.raw<PaymentRates>('select id, as_of, source from rates');
  return new Map(rows.map((row) => [row.id, row]));
}

function linkOf({ payment, entries }: BookedPayment, rates: RatesById): Link {
  const { chain, position, hash, created_at: at } = payment;
  return {
    chain,
    position,
    hash,
    at,
    hashAfter: (previousHash) =>
      paymentHash(payment, entries, rates.get(payment.rates_id) ?? null, previousHash),
  };
}

async function tellStrayEntries(snapshot: Snapshot, problems: Problems): Promise<void> {
  for await (const page of readStrayEntries(snapshot)) {
    for (const { account_id, kind, payment_id } of page) {
      problems.add(
        `account ${account_id} has an entry of ${kind} ${idText('pay', payment_id)}, which is not there or moves nothing on it`,
      );
    }
  }
}

/** Whether its receiver is told of a transfer by an event, since they have no receipt of it. */
const needsEvent = ({ payment, entries }: BookedPayment): boolean =>
  payment.kind === 'transfer' && entries.at(-1)?.kind !== 'receipt';

/** Checks that there are as many events of transfers as transfers without a receipt. */
async function checkTold(snapshot: Snapshot, untold: number, problems: Problems): Promise<void> {
  if (untold === 0) {
    return;
  }
  const [found] = await snapshot.raw<{ told: number; events: number }>(
    // PostgreSQL takes count(column) for a cast: the books have a domain of that name.
    `select count(*) as told, coalesce(sum(t.events), 0) as events from (
       select count(*) as events from events as e join payments as p on p.id = e.payment_id
       where e.type = '${receiptType}' and p.kind = 'transfer' and e.user_id = p.to_user_id group by p.id
     ) as t`,
  );
  const { told = 0, events = 0 } = found ?? {};
  if (told !== untold || events !== told) {
    problems.add(
      `payments: of ${untold} transfers without a receipt ${told} are told to their receivers, by ${events} events`,
    );
  }
}

/**
 * Follows every payment with its entries in the order in which they were booked: the chain of hashes, what payment and
 * entries say of each other, and what is left on each account. Where there are more entries than those, they are looked
 * for. `onPage` is told how many rows were looked at.
 */
export async function checkPayments(
  snapshot: Snapshot,
  { accounts, entries: howManyEntries }: { readonly accounts: Accounts; readonly entries: number },
  problems: Problems,
  onPage: (rows: number) => void,
): Promise<void> {
  const rates = await readRates(snapshot);
  const chains = new Chains({ mayRunBack: false });
  let followed = 0;
  let untold = 0;
  for await (const page of readBookedPayments(snapshot)) {
    const before = followed;
    for (const booked of page) {
      const { payment, entries } = booked;
      const faults = [
        ...chains.faultsOfNext(linkOf(booked, rates)),
        ...paymentFaults(payment, entries, accounts),
        ...followEntries(entries, accounts),
      ];
      if (faults.length > 0) {
        problems.addAll(faults, `payment ${idText('pay', payment.id)}`);
      }
      followed += entries.length;
      untold += needsEvent(booked) ? 1 : 0;
    }
    onPage(page.length + followed - before);
  }
  problems.addAll(chains.faultsOfEnds(await readHeads(snapshot, 'payments')), 'payments:');
  await checkTold(snapshot, untold, problems);
  if (followed !== howManyEntries) {
    await tellStrayEntries(snapshot, problems);
  }
}
