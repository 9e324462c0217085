import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Database } from '../../db/connect.js';
import { countSealedOtherwise } from '../features/second-factor/factor-store.js';
import { readOrMakeKeys } from '../features/second-factor/key-file.js';
import { keyName, makeSealer, type Sealer } from '../features/second-factor/sealed-secret.js';
import type { Settings } from '../settings.js';
import { secretKeysFile } from '../tls/identity.js';

/**
 * Opens the sealer of the secrets of second factors. Where the key to some of them is missing the log says so: their owners
 * log in with recovery codes until it is put back.
 */
export async function openSealer(
  { dataDir }: Settings,
  { readers, logger }: { readonly readers: Database; readonly logger: Logger },
): Promise<Sealer> {
  const keys = await readOrMakeKeys(dataDir);
  const count = await countSealedOtherwise(readers, keys.map(keyName));
  if (count > 0) {
    logger.error(
      { count, file: join(dataDir, secretKeysFile) },
      'second factors are sealed with a key that is not in this file, so that their codes cannot be checked: add its line from where it was kept, and start again',
    );
  }
  return makeSealer(keys);
}
