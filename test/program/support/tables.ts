import { join } from 'node:path';
import { openReaders } from '../../../db/connect.js';
import { isPostgres } from '../../../db/postgres/place.js';
import { readRows } from '../../db/support/stored-rows.js';
import { type Tables, tableNames } from '../../ledger/support/tables.js';
import { placeOf } from '../../support/engine.js';

/** All rows of the database in a data folder, at one moment, beside a server that may run. */
export async function readTables(data: string, name?: string): Promise<Tables> {
  const place = name === undefined ? placeOf(data) : join(data, name);
  const readers = openReaders(place, 1);
  try {
    return await readers.transaction(
      async (trx) => {
        const all: [string, unknown][] = [];
        for (const table of tableNames) {
          all.push([table, await readRows(trx, table)]);
        }
        return Object.fromEntries(all) as unknown as Tables;
      },
      isPostgres(place) ? { isolationLevel: 'repeatable read' } : undefined,
    );
  } finally {
    await readers.destroy();
  }
}
