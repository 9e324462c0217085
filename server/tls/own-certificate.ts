import { createPrivateKey, type KeyObject, type X509Certificate } from 'node:crypto';
import { chmod, stat } from 'node:fs/promises';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { makeFolders } from '../../db/files/make-folders.js';
import { CertificateError } from './certificate-error.js';
import { isSuitableKey, makeCertificate, makeKey, ownSubject } from './make-certificate.js';
import { parseCertificate, parseKey, readPemFile } from './read-pem.js';
import { writeDurably } from './write-durably.js';

const keyName = 'The TLS key';
const renewalMs = 30 * 24 * 60 * 60 * 1000;

/** Host names and addresses that a client can ask for; those that mean "every address" are none. */
function nameable(hosts: readonly string[]): string[] {
  const isName = (host: string) => /^[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?$/i.test(host) && host.length <= 253;
  const isAddress = (host: string) => isIP(host) !== 0 && !host.includes('%');
  return hosts.filter((host) => (isName(host) || isAddress(host)) && host !== '0.0.0.0' && host !== '::');
}

function covers(certificate: X509Certificate, host: string): boolean {
  return (isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host)) !== undefined;
}

/** Whether the server has made it, and renews it where it lies in the data folder. */
export function isOwnCertificate({ subject, issuer }: X509Certificate): boolean {
  return subject === `CN=${ownSubject}` && issuer === subject;
}

async function readKey(path: string): Promise<string | undefined> {
  const pem = await readPemFile(path, keyName);
  if (pem !== undefined && process.platform !== 'win32' && ((await stat(path)).mode & 0o077) !== 0) {
    await chmod(path, 0o600);
  }
  return pem;
}

function mustBeRenewed(
  certificate: X509Certificate,
  key: KeyObject,
  hosts: readonly string[],
  now: Date,
): boolean {
  return (
    !certificate.checkPrivateKey(key) ||
    new Date(certificate.validTo).getTime() - now.getTime() < renewalMs ||
    !nameable(hosts).every((host) => covers(certificate, host))
  );
}

/** A certificate that somebody else put into the data folder is used as it stands and never written over. */
function assertForeignUsable(
  certificate: X509Certificate,
  key: KeyObject | undefined,
  path: string,
  now: Date,
): void {
  const remedy = 'put a matching pair there, or remove it to have one made';
  if (key === undefined || !certificate.checkPrivateKey(key)) {
    throw new CertificateError(
      `The TLS certificate ${path} does not belong to tls.key beside it: ${remedy}.`,
    );
  }
  if (now > new Date(certificate.validTo)) {
    throw new CertificateError(`The TLS certificate ${path} expired on ${certificate.validTo}: ${remedy}.`);
  }
}

/** The certificate in the data folder where it serves as it stands; otherwise one has to be made. */
async function readUsable(
  path: string,
  key: KeyObject | undefined,
  hosts: readonly string[],
  now: Date,
): Promise<string | undefined> {
  const pem = await readPemFile(path, 'The TLS certificate');
  const certificate = pem === undefined ? undefined : parseCertificate(pem);
  if (certificate === undefined) {
    return undefined;
  }
  if (!isOwnCertificate(certificate)) {
    assertForeignUsable(certificate, key, path, now);
    return pem;
  }
  return key === undefined || mustBeRenewed(certificate, key, hosts, now) ? undefined : pem;
}

async function makeAndKeepKey(path: string): Promise<string> {
  const pem = await makeKey();
  await writeDurably(path, pem);
  return pem;
}

interface OwnCertificate {
  readonly cert: string;
  readonly key: string;
  readonly made: boolean;
  readonly replaced?: 'key' | 'certificate';
}

/**
 * The key and certificate in the data folder: made where there are none, renewed with the same key where the
 * certificate is lost, runs out within 30 days or does not name all hosts. The key is written first, so that a crash
 * between the two leaves a key that the next start makes a certificate for.
 * @throws CertificateError where a file is there that cannot be used and must not be written over.
 */
export async function readOrMakeOwnCertificate(
  dataDir: string,
  hosts: readonly string[],
  now: Date,
): Promise<OwnCertificate> {
  const [keyPath, certPath] = [join(dataDir, 'tls.key'), join(dataDir, 'tls.crt')];
  await makeFolders(dataDir);
  const storedKey = await readKey(keyPath);
  const parsedKey = storedKey === undefined ? undefined : parseKey(storedKey, keyPath, keyName);
  const usable = await readUsable(certPath, parsedKey, hosts, now);
  if (usable !== undefined && storedKey !== undefined) {
    return { cert: usable, key: storedKey, made: false };
  }
  if (parsedKey !== undefined && !isSuitableKey(parsedKey)) {
    const remedy = 'remove it to have a new one made';
    throw new CertificateError(
      `${keyName} ${keyPath} is not on the curve P-256, as a certificate made here needs: ${remedy}.`,
    );
  }
  const key = storedKey ?? (await makeAndKeepKey(keyPath));
  const names = new Set(nameable(['localhost', '127.0.0.1', '::1', hostname(), ...hosts]));
  const cert = await makeCertificate(createPrivateKey(key), [...names], now);
  const hadCertificate = (await readPemFile(certPath, 'The TLS certificate')) !== undefined;
  await writeDurably(certPath, cert);
  const replaced = storedKey === undefined ? 'key' : 'certificate';
  return { cert, key, made: true, ...(hadCertificate && { replaced }) };
}
