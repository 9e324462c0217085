import { createPrivateKey } from 'node:crypto';
import { join } from 'node:path';
import { assertServable } from './assert-servable.js';
import { assertUsableKey } from './assert-usable-key.js';
import { CertificateError } from './certificate-error.js';
import { publicKeyFingerprint } from './fingerprint.js';
import { readGivenCertificate } from './given-certificate.js';
import { readOrMakeOwnCertificate } from './own-certificate.js';

export interface CertificateOptions {
  readonly dataDir: string;
  /** Names and addresses that clients reach this server by, besides localhost and the name of the machine. */
  readonly hosts: readonly string[];
  /** Paths of PEM files, both or neither. */
  readonly certPath?: string | undefined;
  readonly keyPath?: string | undefined;
  readonly now: Date;
}

export interface ServerCertificate {
  /** The certificate, with its chain behind it (PEM). */
  readonly cert: string;
  /** The private key (PEM). */
  readonly key: string;
  /** The fingerprint of the public key, see `publicKeyFingerprint`. */
  readonly fingerprint: string;
  /** Whether the certificate was made or renewed just now. */
  readonly made: boolean;
  /** What was made in the place of one that is gone or could serve no longer: the key with its certificate, or that alone. */
  readonly replaced?: 'key' | 'certificate';
}

/**
 * The certificate that the HTTPS server shows its clients: the pair that the operator gave, else the one in the data folder,
 * made on the first start (ECDSA P-256, SHA-256, ten years) and renewed with the same key.
 * @throws CertificateError where the server cannot start with what is there.
 */
export async function loadOrMakeCertificate(options: CertificateOptions): Promise<ServerCertificate> {
  const { dataDir, hosts, certPath, keyPath, now } = options;
  if ((certPath === undefined) !== (keyPath === undefined)) {
    throw new CertificateError('A TLS key and its certificate go together: give both or neither.');
  }
  const pair =
    certPath !== undefined && keyPath !== undefined
      ? { ...(await readGivenCertificate(certPath, keyPath, now)), made: false }
      : await readOrMakeOwnCertificate(dataDir, hosts, now);
  assertUsableKey(createPrivateKey(pair.key), keyPath ?? join(dataDir, 'tls.key'));
  assertServable(pair, certPath ?? join(dataDir, 'tls.crt'));
  return { ...pair, fingerprint: publicKeyFingerprint(pair.cert) };
}
