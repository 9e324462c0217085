import { hostname } from 'node:os';
import type { Logger } from 'pino';
import { machineMicros } from '../clock.js';
import type { Settings } from '../settings.js';
import { afterWallTime } from '../timer.js';
import { loadOrMakeCertificate, type ServerCertificate } from '../tls/certificate.js';
import { hostsReaching } from '../tls/hosts-reaching.js';
import { watchCertificate } from '../tls/watch-certificate.js';
import type { Closing } from './closing.js';

/** Whoever trusts what was there before refuses what has come in its place, and nothing else says why. */
function tellReplaced({ replaced }: ServerCertificate, logger: Logger): void {
  if (replaced === 'key') {
    logger.warn(
      'tls.key was gone, and another was made: clients that know the one before refuse this server. Stop it and put tls.key and tls.crt back, as a backup has them, or tell everybody the new fingerprint',
    );
  } else if (replaced === 'certificate') {
    logger.info('tls.crt was made anew, with the same key: a proxy that has a copy of it needs this one');
  }
}

/**
 * The certificate that the settings ask for; the log tells where it took the place of another, and when it ends. Throws
 * CertificateError.
 */
export async function openCertificate(
  settings: Settings,
  logger: Logger,
  closing: Closing,
): Promise<ServerCertificate> {
  const certificate = await loadOrMakeCertificate({
    dataDir: settings.dataDir,
    hosts: hostsReaching(settings.host, hostname()),
    certPath: settings.tlsCertPath,
    keyPath: settings.tlsKeyPath,
    now: new Date(),
  });
  tellReplaced(certificate, logger);
  closing.add(
    watchCertificate({
      ...{ cert: certificate.cert, isGiven: settings.tlsCertPath !== undefined },
      ...{ now: machineMicros, after: afterWallTime, logger },
    }),
  );
  return certificate;
}
