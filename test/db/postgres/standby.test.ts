import { holdPostgres } from '../../../db/postgres/open/hold-postgres.js';
import { checkDatabaseFile } from '../../../server/features/books/check-database.js';
import { testWith } from '../../support/needs.js';
import { needsPostgres } from '../../support/on-postgres.js';
import { startPostgresPair } from '../../support/postgres-pair.js';
import { until } from '../../support/until.js';

testWith(needsPostgres)('the check of a standby says what a primary is needed for', async (t) => {
  const { primary, standby } = await startPostgresPair();
  const held = await holdPostgres(primary);
  await held.release();
  const refusal = await until('the standby has the books, too', async () => {
    const { message } = await checkDatabaseFile(standby).then(
      () => t.fail() as never,
      (error: Error) => error,
    );
    return /no books|does not exist/.test(message) ? undefined : message;
  });
  t.regex(
    refusal,
    /^postgres:\S+ cannot be checked: .* the schema .* is a standby.*Name the primary in its URL\.$/,
  );
  t.notRegex(refusal, /CREATE SCHEMA|password/);
  t.deepEqual((await checkDatabaseFile(primary)).problems, []);
});
