import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readAtMost } from '../../db/files/read-at-most.js';
import { CertificateError } from './certificate-error.js';

/** The most bytes of a file: several times those of all known authorities. */
const largestFileBytes = 1024 * 1024;

/** Text of the file, or undefined where there is none. Throws a CertificateError where it cannot be read or is no file of that kind. */
export async function readPemFile(path: string, what: string): Promise<string | undefined> {
  let bytes: Buffer | undefined;
  try {
    bytes = await readAtMost(path, largestFileBytes);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    // Below a file there is no other.
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      return undefined;
    }
    throw new CertificateError(
      `${what} ${path} cannot be read (${code}): make it a file that this user may read.`,
    );
  }
  if (bytes === undefined) {
    throw new CertificateError(`${what} ${path} is larger than 1 MiB: name a file in PEM form.`);
  }
  return bytes.toString('utf8');
}

/** The private key in this text. Throws a CertificateError where there is none, or one with a passphrase. */
export function parseKey(pem: string, path: string, what: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    const reason = /ENCRYPTED/.test(pem)
      ? 'has a passphrase: give a key without one'
      : 'holds no private key in PEM form (-----BEGIN PRIVATE KEY-----)';
    throw new CertificateError(`${what} ${path} ${reason}.`);
  }
}

/** The first certificate in this text, or undefined where there is none. */
export function parseCertificate(pem: string): X509Certificate | undefined {
  // Without this check a certificate in binary (DER) form would pass here and fail in the TLS server.
  if (!pem.includes('-----BEGIN CERTIFICATE-----')) {
    return undefined;
  }
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}
