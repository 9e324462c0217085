import type { KeyObject } from 'node:crypto';
import { CertificateError } from './certificate-error.js';

/** The least bits of an RSA key that clients take: OpenSSL at its level 2, browsers and curl take no fewer. */
const leastRsaBits = 2048;

/** The curves of TLS that clients know (RFC 8446, 4.2.3), as OpenSSL names them. */
const curves: readonly string[] = ['prime256v1', 'secp384r1', 'secp521r1'];

function faultOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string | undefined {
  const { modulusLength = 0, namedCurve = '' } = asymmetricKeyDetails ?? {};
  if (asymmetricKeyType === 'rsa' && modulusLength < leastRsaBits) {
    return `has ${modulusLength} bits, which clients refuse: take at least ${leastRsaBits}`;
  }
  if (asymmetricKeyType === 'ec' && !curves.includes(namedCurve)) {
    return `is on the curve ${namedCurve}, which clients do not know: take P-256, P-384 or P-521`;
  }
  return undefined;
}

/**
 * Asserts that clients shake hands with a server that has this key. OpenSSL serves others, too, and each client would see no more
 * than a handshake that failed.
 * @throws CertificateError where they would not.
 */
export function assertUsableKey(key: KeyObject, path: string): void {
  const fault = faultOf(key);
  if (fault !== undefined) {
    throw new CertificateError(`The TLS key ${path} ${fault}. Make another key, and a certificate for it.`);
  }
}
