import { X509Certificate } from 'node:crypto';
import type { Logger } from 'pino';
import type { Clock } from '../clock.js';
import type { After } from '../timer.js';
import { isOwnCertificate } from './own-certificate.js';

const dayMs = 24 * 60 * 60 * 1000;

/** How long before its end a certificate is told of: those of authorities are renewed a month before, as our own is by a start. */
export const soonMs = 21 * dayMs;

export interface WatchedCertificate {
  /** The certificate that the running server shows (PEM). */
  readonly cert: string;
  /** Whether the operator gave it to the server, instead of having one made. */
  readonly isGiven: boolean;
  readonly now: Clock;
  readonly after: After;
  readonly logger: Pick<Logger, 'warn' | 'error'>;
}

/**
 * Says in the log, once a day, that the certificate of a running server is about to expire, or has: a start reads or makes
 * another, and a server that runs for years has none. Gives what ends that.
 */
export function watchCertificate({ cert, isGiven, now, after, logger }: WatchedCertificate): () => void {
  const shown = new X509Certificate(cert);
  const remedy =
    !isGiven && isOwnCertificate(shown)
      ? 'start the server again, which renews it with the same key'
      : 'renew it, then start the server again';

  function look(): () => void {
    const leftMs = Date.parse(shown.validTo) - now() / 1000;
    if (leftMs < 0) {
      logger.error(
        `the certificate that this server shows expired on ${shown.validTo}, and clients refuse it: ${remedy}`,
      );
    } else if (leftMs < soonMs) {
      logger.warn(`the certificate that this server shows expires on ${shown.validTo}: ${remedy}`);
    }
    return after(dayMs, () => {
      cancel = look();
    });
  }

  let cancel = look();
  return () => cancel();
}
