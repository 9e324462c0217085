import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readBackupNote } from '../../db/operate/backup-note.js';
import { isPostgres } from '../../db/postgres/place.js';
import { besideServer } from '../compose/beside-server.js';
import type { Settings } from '../settings.js';
import type { Finding } from './finding.js';
import { look } from './look.js';
import { backups, lookAtBackups } from './look-at-backups.js';
import { certificate, lookAtCertificate } from './look-at-certificate.js';
import { database, lookAtDatabase } from './look-at-database.js';
import { diskSpace, diskSpeed, lookAtDisk, lookAtSyncs } from './look-at-disk.js';
import { lookAtFactors, secondFactors } from './look-at-factors.js';
import { dataFolder, lookAtFolder } from './look-at-folder.js';
import { lookAtRates, rates } from './look-at-rates.js';
import { lookAtServer } from './look-at-server.js';
import { lookAtSettings, settingsSubject } from './look-at-settings.js';
import { lookAtTime, time } from './look-at-time.js';
import { lookAtVersions, program } from './look-at-versions.js';
import { type BookFacts, readBooks } from './read-books.js';
import type { Situation } from './situation.js';

/** What the database says of itself, and what is found of it on the way there. */
async function lookIntoBooks(
  place: string,
): Promise<{ readonly finding: Finding; readonly facts: BookFacts | undefined }> {
  let facts: BookFacts | undefined;
  const finding = await look(database, async () => {
    facts = await readBooks(place);
    return lookAtDatabase(place, facts);
  });
  return { finding, facts };
}

/** What is known of the books without the newest schema. */
async function lookInside({ dataDir }: Settings, more: BookFacts['more']): Promise<readonly Finding[]> {
  return more === undefined
    ? []
    : [
        await look(secondFactors, () => lookAtFactors(dataDir, more)),
        await look(rates, () => lookAtRates(more, new Date())),
      ];
}

export const lookForBackups = (settings: Settings, facts: BookFacts | undefined): Promise<Finding> =>
  look(backups, async () =>
    lookAtBackups({
      note: await readBackupNote(besideServer(settings)),
      isPostgres: isPostgres(settings.databasePath),
      firstPaymentMs: facts && facts.firstPaymentMicros > 0 ? facts.firstPaymentMicros / 1_000 : undefined,
      nowMs: Date.now(),
    }),
  );

const lookForRoom = (settings: Settings): Promise<Finding> =>
  look(diskSpace, () =>
    lookAtDisk({
      path: besideServer(settings),
      holdsBooks: !isPostgres(settings.databasePath),
      floorBytes: settings.diskFloorMegabytes * 1_000_000,
    }),
  );

/** No payment waits for the disk of the data folder where the books are PostgreSQL's. */
const lookForSpeed = async (settings: Settings): Promise<readonly Finding[]> =>
  isPostgres(settings.databasePath)
    ? []
    : [await look(diskSpeed, () => lookAtSyncs(dirname(besideServer(settings))))];

/** Where the folder cannot be read nothing in it can, and one finding says so. */
const isReadable = (folder: string): Promise<boolean> =>
  access(folder, constants.R_OK | constants.X_OK).then(
    () => true,
    () => false,
  );

/** Everything that can be seen of an installation, beside a running server or without one; nothing is changed. */
export async function examine(situation: Situation): Promise<readonly Finding[]> {
  const { settings, running } = situation;
  const { dataDir, databasePath } = settings;
  const versions = await look(program, () => lookAtVersions(running?.about?.version));
  const folder = await look(dataFolder, () => lookAtFolder(dataDir));
  if (!(await isReadable(dataDir))) {
    return [versions, folder];
  }
  const seen = await lookAtServer(situation);
  const { finding, facts } = await lookIntoBooks(databasePath);
  return [
    seen.finding,
    versions,
    folder,
    await lookForRoom(settings),
    ...(await lookForSpeed(settings)),
    finding,
    await look(time, () =>
      lookAtTime({ settings, running: running?.about?.time, newestMicros: facts?.newestPaymentMicros ?? 0 }),
    ),
    await look(certificate, () => lookAtCertificate(settings, seen.shown, Date.now())),
    await lookForBackups(settings, facts),
    ...(await lookInside(settings, facts?.more)),
    await look(settingsSubject, () => lookAtSettings(settings)),
  ];
}
