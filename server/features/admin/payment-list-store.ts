import type { Knex } from 'knex';
import type { Database } from '../../../db/connect.js';
import { countRows } from '../../../db/count-rows.js';
import { type HistoryFilters, narrowPayments, type PaymentFilters } from '../payments/payment-store.js';
import { readSeen, withSeen } from '../payments/seen-payments.js';
import type { SeenPayment } from '../payments/wire.js';

/** The filters of everybody's payments. */
export interface AllPaymentsFilters extends PaymentFilters {
  /** What the side in this currency may have been, in its minor units, inclusive. */
  readonly side?: ({ readonly currency: string } & Pick<HistoryFilters, 'minMinor' | 'maxMinor'>) | undefined;
}

const seenPayments = (readers: Database) => withSeen(readers, readers('payments as p'), 'all');

function narrowSide(query: Knex.QueryBuilder, side: NonNullable<AllPaymentsFilters['side']>): void {
  const { currency, minMinor, maxMinor } = side;
  query.where((either) => {
    for (const end of ['sent', 'received']) {
      either.orWhere((one) => {
        one.where(`p.${end}_currency`, currency);
        if (minMinor !== undefined) {
          one.where(`p.${end}_amount`, '>=', minMinor);
        }
        if (maxMinor !== undefined) {
          one.where(`p.${end}_amount`, '<=', maxMinor);
        }
      });
    }
  });
}

function paymentsQuery(
  readers: Database,
  filters: AllPaymentsFilters,
  page: { readonly after: string | undefined; readonly limit: number },
): Knex.QueryBuilder {
  const query = seenPayments(readers).orderBy('p.id', 'desc').limit(page.limit);
  narrowPayments(query, filters);
  if (filters.side) {
    narrowSide(query, filters.side);
  }
  if (page.after !== undefined) {
    query.where('p.id', '<', Number(page.after));
  }
  return query;
}

/** Everybody's payments, newest first, from after the payment `after`. */
export async function listAllPayments(
  ...asked: Parameters<typeof paymentsQuery>
): Promise<readonly SeenPayment[]> {
  return readSeen(asked[0], paymentsQuery(...asked));
}

export const countAllPayments = (...asked: Parameters<typeof paymentsQuery>): Promise<number> =>
  countRows(asked[0], paymentsQuery(...asked));

/** Anybody's payment; undefined when there is none. */
export async function findAnyPayment(readers: Database, id: number): Promise<SeenPayment | undefined> {
  const [found] = await readSeen(readers, seenPayments(readers).where('p.id', id).limit(1));
  return found;
}
