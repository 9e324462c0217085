import type { Knex } from 'knex';
import { enumColumn, integerColumn, referenceColumn, signedAmountColumn } from './columns.js';

/** The columns of the entries of accounts, of these kinds. */
export const entriesOf =
  (kinds: readonly string[]) =>
  (table: Knex.CreateTableBuilder): void => {
    referenceColumn(table, 'account_id', 'accounts').notNullable();
    enumColumn(table, 'kind', kinds).notNullable();
    referenceColumn(table, 'payment_id', 'payments').notNullable();
    integerColumn(table, 'line', { min: 1, max: 4 }).notNullable();
    signedAmountColumn(table, 'amount').notNullable();
    signedAmountColumn(table, 'balance_after').notNullable();
    table.primary(['account_id', 'kind', 'payment_id']);
    table.check('amount <> 0');
  };
