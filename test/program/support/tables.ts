import { join } from 'node:path';
import { openReaders } from '../../../db/connect.js';
import { readRows } from '../../db/support/stored-rows.js';
import { type Tables, tableNames } from '../../ledger/support/tables.js';

/** All rows of the database in a data folder, at one moment, beside a server that may run. */
export async function readTables(data: string, name = 'pay.db'): Promise<Tables> {
  const readers = openReaders(join(data, name), 1);
  try {
    return await readers.transaction(async (trx) => {
      const all: [string, unknown][] = [];
      for (const table of tableNames) {
        all.push([table, await readRows(trx, table)]);
      }
      return Object.fromEntries(all) as unknown as Tables;
    });
  } finally {
    await readers.destroy();
  }
}
