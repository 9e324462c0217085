import { join } from 'node:path';
import { readKeys } from '../features/second-factor/key-file.js';
import { keyName } from '../features/second-factor/sealed-secret.js';
import { secretKeysFile } from '../tls/identity.js';
import { type Finding, right, wrong } from './finding.js';
import type { BookFacts } from './read-books.js';

export const secondFactors = 'second factors';

/** Whether the keys are there that the secrets of second factors are sealed with. Throws CertificateError for a file that holds none. */
export async function lookAtFactors(dataDir: string, more: NonNullable<BookFacts['more']>): Promise<Finding> {
  const keys = (await readKeys(dataDir)) ?? [];
  const names = keys.map(keyName);
  const on = more.sealed.reduce((sum, { count }) => sum + count, 0);
  const closed = more.sealed
    .filter(({ name }) => !names.includes(name))
    .reduce((sum, { count }) => sum + count, 0);
  return closed > 0
    ? wrong(
        secondFactors,
        `${closed} of ${on} are sealed with a key that is not in ${join(dataDir, secretKeysFile)}: their codes do not count`,
        'Add its line from a backup or another copy; until then recovery codes work.',
      )
    : right(secondFactors, `${on} on; the keys to all of them are there`);
}
