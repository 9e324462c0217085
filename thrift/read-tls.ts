import { createPrivateKey, X509Certificate } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { safeTls } from './safe-tls.js';

/** A certificate or key that nothing can be served with; the message names the flag and the file, and says what is wrong. */
export class TlsProblem extends Error {
  override readonly name = 'TlsProblem';
}

/** The most bytes of a file: several times those of any certificate with its chain. */
const largestFileBytes = 1024 * 1024;

/** What a file holds; of one that is larger, or has no end, one byte more than the most. */
function readSome(path: string): Buffer {
  const bytes = Buffer.alloc(largestFileBytes + 1);
  const file = openSync(path, 'r');
  try {
    let length = 0;
    for (let read = -1; read !== 0 && length < bytes.length; length += read) {
      read = readSync(file, bytes, length, bytes.length - length, null);
    }
    return bytes.subarray(0, length);
  } finally {
    closeSync(file);
  }
}

function readPem(flag: string, path: string): string {
  let bytes: Buffer;
  try {
    bytes = readSome(path);
  } catch (error) {
    throw new TlsProblem(`${flag} ${path} cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
  if (bytes.length > largestFileBytes) {
    throw new TlsProblem(`${flag} ${path} is larger than 1 MiB: name a file in PEM form.`);
  }
  return bytes.toString('utf8');
}

/**
 * The certificate, with its chain behind it, and its private key, as PEM.
 * @throws TlsProblem where they cannot be read, are none, do not belong together, or the certificate does not hold now.
 */
export function readTls(certPath: string, keyPath: string): { readonly cert: string; readonly key: string } {
  const [cert, key] = [readPem('--tls-cert', certPath), readPem('--tls-key', keyPath)];
  const certificate = readOrRefuse(() => new X509Certificate(cert), `--tls-cert ${certPath}`, 'certificate');
  const privateKey = readOrRefuse(
    () => createPrivateKey(key),
    `--tls-key ${keyPath}`,
    'private key without a passphrase',
  );
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new TlsProblem(`--tls-key ${keyPath} does not belong to --tls-cert ${certPath}.`);
  }
  if (new Date(certificate.validTo) < new Date()) {
    throw new TlsProblem(`--tls-cert ${certPath} expired on ${certificate.validTo}: renew it.`);
  }
  if (new Date() < new Date(certificate.validFrom)) {
    throw new TlsProblem(
      `--tls-cert ${certPath} is not valid before ${certificate.validFrom}: check this machine's clock.`,
    );
  }
  assertServable({ cert, key }, certPath);
  return { cert, key };
}

/** Only the first certificate of the file was read; with the chain behind it, TLS has to be possible, too. */
function assertServable(pair: { readonly cert: string; readonly key: string }, certPath: string): void {
  try {
    createSecureContext({ ...safeTls, ...pair });
  } catch (error) {
    const reason = (error as { reason?: string }).reason ?? (error as Error).message;
    throw new TlsProblem(
      `--tls-cert ${certPath}, with what follows it there, cannot be shown to a server (${reason}): put it there whole.`,
    );
  }
}

function readOrRefuse<Read>(read: () => Read, given: string, what: string): Read {
  try {
    return read();
  } catch {
    throw new TlsProblem(`${given} holds no ${what} in PEM form.`);
  }
}
