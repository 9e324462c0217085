import { createSecureContext } from 'node:tls';
import { safeTls } from '../safe-tls.js';
import { CertificateError } from './certificate-error.js';

/**
 * Asserts that TLS can be spoken with a certificate, its chain behind it, and its key: whoever reads the certificate itself looks
 * at the first one of the file alone.
 * @throws CertificateError where it cannot, with what OpenSSL says of it.
 */
export function assertServable(
  pair: { readonly cert: string; readonly key: string },
  certPath: string,
): void {
  try {
    createSecureContext({ ...safeTls, ...pair });
  } catch (error) {
    const reason = (error as { reason?: string }).reason ?? (error as Error).message;
    throw new CertificateError(
      `The TLS certificate ${certPath}, with what follows it there, cannot be shown to clients (${reason}): put it there whole, its chain behind it.`,
    );
  }
}
