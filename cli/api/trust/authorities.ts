import * as tls from 'node:tls';
import { Failure } from '../../failure/failure.js';
import { readFileBounded } from '../../files/read-bounded.js';
import { unreadable } from '../../files/unreadable.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** The certificates of the PEM file that PAY_CA names; none where it names none. */
export async function extraAuthorities(environment: Environment): Promise<readonly string[]> {
  const path = environment.PAY_CA;
  if (!path) {
    return [];
  }
  const bytes = await readFileBounded(path).catch((error: Error) => {
    throw unreadable(`PAY_CA: ${path}`, error);
  });
  const text = bytes.toString('utf8');
  if (!text.includes('-----BEGIN CERTIFICATE-----')) {
    throw new Failure('usage', `PAY_CA: ${path} holds no certificate in PEM form.`);
  }
  return [text];
}

// Where the systems of this kind keep what the machine's administrator trusts (the list of Go's crypto/x509).
const systemFiles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/** Several times all known authorities, those of a company's own among them. */
const mostSystemBytes = 16 * 1024 * 1024;

async function systemFile(environment: Environment): Promise<readonly string[]> {
  for (const path of environment.SSL_CERT_FILE ? [environment.SSL_CERT_FILE] : systemFiles) {
    const bytes = await readFileBounded(path, { mostBytes: mostSystemBytes }).catch(() => Buffer.alloc(0));
    if (bytes.length > 0) {
      return bytes.toString('utf8').match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
    }
  }
  return [];
}

/** The authorities of the system's own store, beyond those that come with Node. */
export async function systemAuthorities(environment: Environment): Promise<readonly string[]> {
  // Node 22.15 and later ask the system itself; before that, its usual files are read, and always the one that SSL_CERT_FILE names.
  const { getCACertificates } = tls as { getCACertificates?: (kind: 'system') => readonly string[] };
  return getCACertificates && !environment.SSL_CERT_FILE
    ? getCACertificates('system')
    : await systemFile(environment);
}
