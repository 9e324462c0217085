import { createHash, X509Certificate } from 'node:crypto';

/**
 * The fingerprint that people compare before they trust the server: `SHA256:` and the base64, without padding, of the
 * SHA-256 of the public key (DER SubjectPublicKeyInfo, RFC 5280 §4.1.2.7), so that it outlives a renewal with the same key.
 */
export function publicKeyFingerprint(certificate: string | X509Certificate): string {
  const { publicKey } = typeof certificate === 'string' ? new X509Certificate(certificate) : certificate;
  const digest = createHash('sha256').update(publicKey.export({ type: 'spki', format: 'der' }));
  return `SHA256:${digest.digest('base64').replace(/=+$/, '')}`;
}
