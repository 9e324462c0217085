import { CertificateError } from './certificate-error.js';
import { parseCertificate, readPemFile } from './read-pem.js';

/**
 * The text of a PEM file of certificates by which another service is known; `setting` names the setting that led to it.
 * @throws CertificateError where it is missing, cannot be read or holds no certificate.
 */
export async function readAuthority(path: string, setting: string): Promise<string> {
  const what = `The certificate of ${setting}`;
  const pem = await readPemFile(path, what);
  if (pem === undefined) {
    throw new CertificateError(`${what} ${path} does not exist.`);
  }
  if (parseCertificate(pem) === undefined) {
    throw new CertificateError(
      `${what} ${path} holds no certificate in PEM form (-----BEGIN CERTIFICATE-----).`,
    );
  }
  return pem;
}
