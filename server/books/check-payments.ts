import { readInOrder } from '../../db/read-in-order.js';
import type { ChainHeadRow, EntryRow, PaymentRow } from '../../db/rows.js';
import type { Snapshot } from '../../db/snapshot.js';
import { paymentHash } from '../ledger/chain.js';
import type { Accounts } from './accounts.js';
import { Chains } from './chains.js';
import { entryColumns, paymentColumns } from './columns.js';
import { joinInOrder } from './join-in-order.js';
import { followEntries, paymentFaults } from './payment-faults.js';
import type { Problems } from './problems.js';

export const readHeads = (snapshot: Snapshot, name: ChainHeadRow['name']) =>
  snapshot.raw<ChainHeadRow>('select * from chain_heads where name = ? order by chain', [name]);

function linkOf(payment: PaymentRow, entries: readonly EntryRow[]) {
  const { chain, position, previous_hash, hash, created_at } = payment;
  const actualHash = paymentHash(payment, entries);
  return { chain, position, previousHash: previous_hash, hash, actualHash, at: created_at };
}

/**
 * Follows every payment with its entries in the order in which they were booked: the chain of hashes, what payment and
 * entries say of each other, and what is left on each account. `onPage` is told how many rows were looked at.
 */
export async function checkPayments(
  snapshot: Snapshot,
  accounts: Accounts,
  problems: Problems,
  onPage: (rows: number) => void,
): Promise<void> {
  const chains = new Chains({ mayRunBack: false });
  const payments = { table: 'payments', columns: paymentColumns, key: ['id'] as const };
  const entries = { table: 'entries', columns: entryColumns, key: ['payment_id', 'line'] as const };
  const booked = joinInOrder(
    { pages: readInOrder<PaymentRow>(snapshot, payments), keyOf: ({ id }) => id },
    { pages: readInOrder<EntryRow>(snapshot, entries), keyOf: ({ payment_id }) => payment_id },
  );
  for await (const page of booked) {
    for (const { left: payment, rights } of page) {
      const [first] = rights;
      const of = `payment ${payment?.id ?? first?.payment_id}`;
      if (payment) {
        problems.addAll(chains.faultsOfNext(linkOf(payment, rights)), of);
        problems.addAll(paymentFaults(payment, rights, accounts), of);
      } else {
        problems.add(`${of} is not there, line ${first?.line} of its entries is`);
      }
      problems.addAll(followEntries(rights, accounts), of);
    }
    onPage(page.reduce((rows, { left, rights }) => rows + (left ? 1 : 0) + rights.length, 0));
  }
  problems.addAll(chains.faultsOfEnds(await readHeads(snapshot, 'payments')), 'payments:');
}
