import { join } from 'node:path';
import { makeFolders } from '../../db/files/make-folders.js';
import { CertificateError } from './certificate-error.js';
import { readPemFile } from './read-pem.js';
import { draftOf, writeDurably } from './write-durably.js';

/** The file of the keys that the secrets of second factors are sealed with. */
export const secretKeysFile = 'second-factor.keys';

/**
 * The server's own key and certificate in the data folder, with which it is the same server to those who trust it, and the keys
 * without which nobody's second factor works.
 */
const identityFileNames: readonly string[] = ['tls.key', 'tls.crt', secretKeysFile];

/** The files that `placeIdentity` leaves wherever it is killed. */
export const identityTraces: readonly string[] = identityFileNames.flatMap((name) => [name, draftOf(name)]);

export interface IdentityFile {
  readonly name: string;
  readonly content: string;
}

/** The files of the identity that are there; none where the operator gave the server others from the beginning. */
export async function readIdentity(dataDir: string): Promise<readonly IdentityFile[]> {
  const found = await Promise.all(
    identityFileNames.map(async (name) => ({
      name,
      content: await readPemFile(join(dataDir, name), 'The server’s own'),
    })),
  );
  return found.filter((file): file is IdentityFile => file.content !== undefined);
}

/**
 * Puts keys and a certificate that were read elsewhere into the data folder, durably. Throws CertificateError where there
 * are others, which are not written over.
 */
export async function placeIdentity(dataDir: string, files: readonly IdentityFile[]): Promise<void> {
  const ours = files.filter(({ name }) => identityFileNames.includes(name));
  const there = await readIdentity(dataDir);
  const foreign = there.find(({ name, content }) =>
    ours.some((file) => file.name === name && file.content !== content),
  );
  if (foreign !== undefined) {
    throw new CertificateError(
      `${join(dataDir, foreign.name)} is there already and is another than the backup's. Move it away, then restore again.`,
    );
  }
  await makeFolders(dataDir);
  for (const { name, content } of ours) {
    await writeDurably(join(dataDir, name), content);
  }
}
