import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { CertificateError } from './certificate-error.js';

/** Text of the file, or undefined where there is none. Throws a CertificateError where it cannot be read. */
export async function readPemFile(path: string, what: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
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
