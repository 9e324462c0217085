import { openMaker } from '../../../db/connect.js';
import { holdPostgres } from '../../../db/postgres/open/hold-postgres.js';
import { unfitness } from '../../../db/postgres/open/refuse-unfit.js';
import { testWith } from '../../support/needs.js';
import { needsPostgres } from '../../support/on-postgres.js';
import { startPostgres } from '../../support/postgres.js';
import { until } from '../../support/until.js';

const test = testWith(needsPostgres);

const fit = {
  ...{ version: '15.0', major: 15, fsync: 'on', full_page_writes: 'on', synchronous_commit: 'on' },
  ...{ session_replication_role: 'origin', schema: 'public' },
  ...{ encoding: 'UTF8', is_standby: false, is_read_only: 'off' },
};

test('a PostgreSQL that loses what it has acknowledged is refused with what to do, and taken when that is done', async (t) => {
  // What is set counts for all databases of a server: others must not meet it.
  const { server } = await startPostgres();
  const url = `${server}/postgres`;
  const database = openMaker(url);
  t.teardown(() => database.destroy());
  const setTo = async (setting: string, value: string) => {
    await database.raw(`alter system set ${setting} = ${value}`);
    await database.raw('select pg_reload_conf()');
    await until(`${setting}=${value}`, async () => {
      const [found] = await database.raw(`select current_setting('${setting}') as value`);
      return found?.value === value;
    });
  };
  for (const setting of ['fsync', 'full_page_writes']) {
    await setTo(setting, 'off');
    await t.throwsAsync(holdPostgres(url), {
      message: new RegExp(`^postgres://postgres@\\S+ runs with ${setting}=off: .* Set ${setting} = on in`),
    });
    await setTo(setting, 'on');
  }
  const held = await holdPostgres(url);
  await held.release();
});

test('an older major, a standby and another encoding are refused, and the oldest major that is mended is not', (t) => {
  t.is(unfitness(fit), undefined);
  t.regex(
    unfitness({ ...fit, version: '14.20', major: 14 }) ?? '',
    /runs PostgreSQL 14\.20.*15 or newer is needed/,
  );
  t.regex(unfitness({ ...fit, is_standby: true }) ?? '', /it is a standby.*Name the primary/);
  t.regex(unfitness({ ...fit, is_read_only: 'on' }) ?? '', /read only/);
  t.regex(unfitness({ ...fit, encoding: 'SQL_ASCII' }) ?? '', /Make one in UTF-8/);
});
