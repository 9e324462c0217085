import type { Database } from '../connect.js';
import { DatabaseProblem } from '../files/database-problem.js';

/** A file that goes along in a backup, such as the server's key. */
export interface EnclosedFile {
  readonly name: string;
  readonly content: string;
}

/** In a backup only: what the server has beside its database. */
export const enclosedFilesTable = 'CREATE TABLE enclosed_files (name text not null, content text not null)';

/** Puts the files into a copy of the database that becomes a backup. */
export async function encloseFiles(database: Database, files: readonly EnclosedFile[]): Promise<void> {
  await database.raw(enclosedFilesTable);
  for (const { name, content } of files) {
    await database.raw('insert into enclosed_files (name, content) values (?, ?)', [name, content]);
  }
}

/**
 * Takes the files out of a database that was a backup; none from one that was not. Throws DatabaseProblem, which names
 * `backup`, where they are kept in another way than `encloseFiles` keeps them.
 */
export async function takeOutFiles(database: Database, backup: string): Promise<readonly EnclosedFile[]> {
  const [table]: { readonly sql: string }[] = await database.raw(
    "select sql from sqlite_master where name = 'enclosed_files'",
  );
  if (table === undefined) {
    return [];
  }
  if (table.sql !== enclosedFilesTable) {
    throw new DatabaseProblem(
      `${backup} is damaged: what goes along in it is not kept as a backup keeps it. Nothing was restored. Take an older backup.`,
    );
  }
  const files: EnclosedFile[] = await database.raw('select name, content from enclosed_files');
  await database.raw('drop table enclosed_files');
  return files;
}
