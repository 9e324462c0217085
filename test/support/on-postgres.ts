import test from 'ava';
import type { Need } from './needs.js';
import { testWith } from './needs.js';
import { isPostgresInstalled } from './postgres-installed.js';

export const needsPostgres: Need = {
  what: 'PostgreSQL for this kind of machine',
  isThere: isPostgresInstalled,
};

/** Runs the tests of a file, which are written once, on PostgreSQL; where there is none, they count as one that is skipped. */
export async function runOnPostgres(load: () => Promise<unknown>): Promise<void> {
  if (needsPostgres.isThere()) {
    process.env.TEST_PAY_ENGINE = 'postgres';
    await load();
    test('these tests ran on PostgreSQL', async (t) => {
      const { engine } = await import('./engine.js');
      t.is(engine, 'PostgreSQL');
    });
  } else {
    testWith(needsPostgres)('these tests run on PostgreSQL', (t) => void t.pass());
  }
}
