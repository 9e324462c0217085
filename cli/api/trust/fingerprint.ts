import { createHash, type KeyObject } from 'node:crypto';

/**
 * The fingerprint that a person compares: SHA-256 over the public key of a certificate (DER SubjectPublicKeyInfo, as in RFC
 * 7469 §2.4), written like ssh writes it, `SHA256:` and base64 without padding. It outlives a renewal with the same key.
 */
export function fingerprintOf(publicKey: KeyObject): string {
  const der = publicKey.export({ type: 'spki', format: 'der' });
  return `SHA256:${createHash('sha256').update(der).digest('base64').replace(/=+$/, '')}`;
}

const form = /^SHA256:[A-Za-z0-9+/]{43}$/;

/** A fingerprint as somebody gave it, with padding taken off; undefined where it is none. */
export function readFingerprint(text: string): string | undefined {
  const trimmed = text.trim().replace(/=$/, '');
  return form.test(trimmed) ? trimmed : undefined;
}
