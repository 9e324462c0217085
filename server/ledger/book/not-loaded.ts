import type { TableName } from '../../../db/rows.js';

/**
 * A rule looked at what is not in the book: it has not said that it reads it, it reads on after what came before it, or what
 * it was presumed to find must be read after all.
 */
export class NotLoaded extends Error {
  override readonly name = 'NotLoaded';

  constructor(table: TableName, where: object) {
    super(`A rule looked for ${table} ${JSON.stringify(where)} without saying that it reads it.`);
  }
}
