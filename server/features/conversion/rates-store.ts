import type { Database, Transaction } from '../../../db/connect.js';
import type { RatesRow } from '../../../db/tables/payments.js';
import { useCurrencies } from '../../money/currency.js';
import type { RateTable } from '../../money/rate-table.js';
import { tableOf } from './rates-in-book.js';

/** Makes the currencies of these rates those that this thread knows, and gives the rates. */
export function useRates(row: RatesRow): RateTable {
  const table = tableOf(row);
  useCurrencies(table.currencies);
  return table;
}

/** The rates in force, as the database has them. */
export async function readRates(readers: Database | Transaction): Promise<RatesRow> {
  return await readers('rates').orderBy('id', 'desc').first();
}
