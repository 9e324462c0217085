import { openInMemory } from '../connect.js';
import { migrate } from '../migrations/migrations.js';
import { postgresSchemaProblems } from '../postgres/open/postgres-schema.js';
import { isPostgres } from '../postgres/place.js';
import { enclosedFilesTable } from './enclosed-files.js';
import type { Snapshot } from './snapshot.js';

interface SchemaObject {
  readonly type: string;
  readonly name: string;
  readonly sql: string | null;
}

// The objects of the schema, without what ANALYZE leaves behind, which says nothing of the rows; the indexes that SQLite
// makes for a constraint have no text.
const objects =
  "select type, name, sql from sqlite_master where name not glob 'sqlite_stat*' order by type, name";

/** The schema as the migrations of this program make it. */
async function expectedSchema(): Promise<readonly SchemaObject[]> {
  const database = openInMemory();
  try {
    await migrate(database);
    return await database.raw(objects);
  } finally {
    await database.destroy();
  }
}

const nameOf = ({ type, name }: SchemaObject) => `the ${type} ${name}`;

/**
 * How the schema differs from the one that the migrations make: tables with their constraints, indexes, triggers and views
 * that are missing, changed or not ours, a sentence each.
 */
export async function schemaProblems(snapshot: Snapshot): Promise<readonly string[]> {
  if (isPostgres(snapshot.place)) {
    return postgresSchemaProblems(snapshot, snapshot.place);
  }
  const actual = await snapshot.raw<SchemaObject>(objects);
  const texts = new Map(actual.map((object) => [nameOf(object), object.sql]));
  const expected = await expectedSchema();
  const ours = new Set(expected.map(nameOf));
  const unlike = expected.flatMap((object) => {
    const name = nameOf(object);
    if (!texts.has(name)) {
      return [`${name} is missing`];
    }
    return texts.get(name) === object.sql ? [] : [`${name} is not as it was made`];
  });
  const foreign = actual.filter((object) => !ours.has(nameOf(object)) && object.sql !== enclosedFilesTable);
  return [...unlike, ...foreign.map((object) => `${nameOf(object)} is not one of ours`)];
}
