import assert from 'node:assert';
import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../../..');

export const nextMigration = '999-of-the-next-version';

/** The array of the migrations of SQLite in a bundle, which begins with the first of them. */
const migrationList = /(\bmigrations\d*=\[\s*users_exports[^\]]*)\]/;

/** What the next version does to the books: new columns and an index, over all rows that are there. */
const migration = `{
  name: ${JSON.stringify(nextMigration)},
  up: async (knex) => {
    await knex.raw('create index payments_next on payments (created_at)');
    await knex.raw('create table next_things (id integer primary key, payment_id integer not null references payments (id)) strict');
    await knex.raw('insert into next_things select id, id from payments');
  },
}`;

/**
 * The program of the next version: this one with one migration more, in a folder of its own. Gives the folder of its programs.
 */
export async function makeNextProgram(folder: string): Promise<string> {
  const bundles = join(folder, 'dist/bundle');
  await mkdir(bundles, { recursive: true });
  // Some programs are links to others beside them.
  await cp(join(root, 'bin'), join(folder, 'bin'), { recursive: true, verbatimSymlinks: true });
  await cp(join(root, 'package.json'), join(folder, 'package.json'));
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  let patched = 0;
  for (const name of await readdir(join(root, 'dist/bundle'))) {
    // What V8 made of the bundles is of those of this version.
    if (/\.(js|cjs)$/.test(name)) {
      const text = await readFile(join(root, 'dist/bundle', name), 'utf8');
      const next = text.replace(migrationList, `$1, ${migration}]`);
      patched += Number(next !== text);
      await writeFile(join(bundles, name), next);
    }
  }
  assert.ok(patched >= 2, 'the server and its check know the migrations');
  return join(folder, 'bin');
}
