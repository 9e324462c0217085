import { CertificateError } from './certificate-error.js';
import { parseCertificate, parseKey, readPemFile } from './read-pem.js';

const keyName = 'The TLS key (--tls-key, PAY_TLS_KEY)';
const certName = 'The TLS certificate (--tls-cert, PAY_TLS_CERT)';

async function readGiven(path: string, what: string): Promise<string> {
  const pem = await readPemFile(path, what);
  if (pem === undefined) {
    throw new CertificateError(`${what} ${path} does not exist.`);
  }
  return pem;
}

/**
 * Reads the key and certificate that the operator gave; the certificate may be followed by its chain.
 * @throws CertificateError where either is missing, unreadable, no PEM, expired or not yet valid, or they do not fit.
 */
export async function readGivenCertificate(
  certPath: string,
  keyPath: string,
  now: Date,
): Promise<{ readonly cert: string; readonly key: string }> {
  const [cert, key] = [await readGiven(certPath, certName), await readGiven(keyPath, keyName)];
  const privateKey = parseKey(key, keyPath, keyName);
  const certificate = parseCertificate(cert);
  if (certificate === undefined) {
    const expected = 'holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)';
    throw new CertificateError(`${certName} ${certPath} ${expected}.`);
  }
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new CertificateError(`${keyName} ${keyPath} does not belong to the certificate ${certPath}.`);
  }
  if (now > new Date(certificate.validTo)) {
    throw new CertificateError(`${certName} ${certPath} expired on ${certificate.validTo}: renew it.`);
  }
  if (now < new Date(certificate.validFrom)) {
    const remedy = "check this machine's clock";
    throw new CertificateError(
      `${certName} ${certPath} is not valid before ${certificate.validFrom}: ${remedy}.`,
    );
  }
  return { cert, key };
}
