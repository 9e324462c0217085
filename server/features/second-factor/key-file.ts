import { randomBytes } from 'node:crypto';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolders } from '../../../db/files/make-folders.js';
import { readAtMost } from '../../../db/files/read-at-most.js';
import { CertificateError } from '../../tls/certificate-error.js';
import { secretKeysFile } from '../../tls/identity.js';
import { writeDurably } from '../../tls/write-durably.js';

const keyBytes = 32;
/** The most bytes of the file: those of some thousand keys. */
const largestFileBytes = 256 * 1024;

const explanation =
  '# What the secrets of second factors are sealed with: 32 bytes in base 64, one key a line. The first seals new ones; all open.\n';

const theWayBack = "Put back the one that was there, or a backup's.";

type Keys = readonly [Buffer, ...Buffer[]];

async function readText(path: string): Promise<string | undefined> {
  let bytes: Buffer | undefined;
  try {
    bytes = await readAtMost(path, largestFileBytes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    throw new CertificateError(
      `The key file ${path} cannot be read (${(error as NodeJS.ErrnoException).code}): make it one that this user may read.`,
    );
  }
  if (bytes === undefined) {
    throw new CertificateError(
      `The key file ${path} is larger than ${largestFileBytes / 1024} KiB. ${theWayBack}`,
    );
  }
  return bytes.toString('utf8');
}

function keysIn(text: string, path: string): Keys {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const keys = lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => Buffer.from(line, 'base64'));
  const [first, ...others] = keys;
  if (first === undefined || keys.some(({ length }) => length !== keyBytes)) {
    throw new CertificateError(
      `The key file ${path} does not hold keys of ${keyBytes} bytes in base 64, one a line. ${theWayBack}`,
    );
  }
  return [first, ...others];
}

/** The keys in the data folder; undefined where there is no file of them. @throws CertificateError where what is there cannot be used */
export async function readKeys(dataDir: string): Promise<Keys | undefined> {
  const path = join(dataDir, secretKeysFile);
  const text = await readText(path);
  return text === undefined ? undefined : keysIn(text, path);
}

/**
 * The keys that secrets are sealed with, from `second-factor.keys` in the data folder (0600), which is made where it is not
 * there. @throws CertificateError where what is there cannot be used
 */
export async function readOrMakeKeys(dataDir: string): Promise<Keys> {
  const path = join(dataDir, secretKeysFile);
  const there = await readKeys(dataDir);
  if (there !== undefined) {
    await chmod(path, 0o600);
    return there;
  }
  const key = randomBytes(keyBytes);
  await makeFolders(dataDir);
  await writeDurably(path, `${explanation}${key.toString('base64')}\n`);
  return [key];
}
