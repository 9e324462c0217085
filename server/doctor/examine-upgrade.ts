import { isPostgres } from '../../db/postgres/place.js';
import { besideServer } from '../compose/beside-server.js';
import { makeDiskUse } from '../features/about/free-disk.js';
import type { Environment } from '../settings.js';
import { lookForBackups } from './examine.js';
import { doubtful, type Finding, right } from './finding.js';
import { look } from './look.js';
import {
  knownSettings,
  lookAtDuration,
  lookAtKnownSettings,
  lookAtRoom,
  lookAtSchema,
  room,
  schema,
} from './look-at-upgrade.js';
import { lookAtVersions, program } from './look-at-versions.js';
import { type BookFacts, readBooks } from './read-books.js';
import type { Situation } from './situation.js';

function whatRuns({ running }: Situation): Finding {
  if (running === undefined) {
    return right('server', 'stopped');
  }
  const version = running.about === undefined ? 'of an older version' : `pay ${running.about.version}`;
  return right('server', `process ${running.pid}, ${version}, runs; stop it for the upgrade`);
}

/** Whether there is room for what would be done to the books, and how long it takes. */
async function lookAtWork({ settings }: Situation, facts: BookFacts): Promise<readonly Finding[]> {
  if (isPostgres(settings.databasePath)) {
    return [
      doubtful(
        room,
        'no copy is kept of a database of PostgreSQL as it was',
        'pg_dump --format=custom --file=pay.dump <database>, once the server is stopped: that is the way back.',
      ),
    ];
  }
  const use = await makeDiskUse(besideServer(settings))();
  return [lookAtRoom(use, facts), lookAtDuration(use, facts)];
}

/** Whether this program can take the place of the one before, which may be running; nothing is changed. */
export async function examineUpgrade(
  situation: Situation,
  environment: Environment,
): Promise<readonly Finding[]> {
  const { settings, running, settingsProblem } = situation;
  let facts: BookFacts | undefined;
  let work: readonly Finding[] = [];
  const books = await look(schema, async () => {
    facts = await readBooks(settings.databasePath);
    work = await lookAtWork(situation, facts);
    return lookAtSchema(facts);
  });
  return [
    whatRuns(situation),
    await look(program, () => lookAtVersions(undefined)),
    books,
    ...work,
    await lookForBackups(settings, facts),
    await look(knownSettings, () =>
      lookAtKnownSettings(environment, running?.about?.settings ?? {}, settingsProblem),
    ),
  ];
}
