import { setTimeout as pause } from 'node:timers/promises';
import { openMaker } from '../../db/connect.js';
import { keepPlace } from '../../db/postgres/writers/place.js';
import { testWith } from '../support/needs.js';
import { needsPostgres } from '../support/on-postgres.js';
import { makePostgresDatabase } from '../support/postgres.js';
import { until } from '../support/until.js';

testWith(needsPostgres)(
  'a writer that is silent keeps its place for as long as it may trust what it kept in mind, and no longer',
  async (t) => {
    const database = openMaker(await makePostgresDatabase());
    t.teardown(() => database.destroy());
    const places = async () => (await database('writers').select('chain')).map(({ chain }) => chain);
    // Nobody holds its lock.
    await database('writers').insert({ chain: 5, heard: 0 });
    const place = keepPlace(database, 1, { taken: 1 });
    t.teardown(() => place.stop());
    await pause(5_500);
    t.deepEqual(await places(), [5]);
    await until('that it is gone', async () => (await places()).length === 0);
    t.pass();
  },
);
