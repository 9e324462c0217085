import type { X509Certificate } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Settings } from '../settings.js';
import { isOwnCertificate } from '../tls/own-certificate.js';
import { parseCertificate, parseKey, readPemFile } from '../tls/read-pem.js';
import { soonMs } from '../tls/watch-certificate.js';
import { doubtful, type Finding, right, wrong } from './finding.js';
import { spanText } from './words.js';

export const certificate = 'certificate';

interface Pair {
  readonly certPath: string;
  readonly keyPath: string;
  readonly isGiven: boolean;
}

const pairOf = ({ dataDir, tlsCertPath, tlsKeyPath }: Settings): Pair =>
  tlsCertPath !== undefined && tlsKeyPath !== undefined
    ? { certPath: tlsCertPath, keyPath: tlsKeyPath, isGiven: true }
    : { certPath: join(dataDir, 'tls.crt'), keyPath: join(dataDir, 'tls.key'), isGiven: false };

async function isKeyOpen(path: string): Promise<boolean> {
  return process.platform !== 'win32' && ((await stat(path)).mode & 0o007) !== 0;
}

/** Whether the server has made it, and renews it. */
const isOwn = (found: X509Certificate, { isGiven }: Pair) => !isGiven && isOwnCertificate(found);

function judgeTime(found: X509Certificate, pair: Pair, nowMs: number): Finding {
  const { certPath } = pair;
  const remedy = isOwn(found, pair)
    ? 'Start the server again: it renews its own certificate, with the same key.'
    : 'Renew it, then start the server again.';
  const leftMs = Date.parse(found.validTo) - nowMs;
  if (leftMs < 0) {
    return wrong(certificate, `${certPath} expired on ${found.validTo}: clients refuse it`, remedy);
  }
  if (Date.parse(found.validFrom) > nowMs) {
    return wrong(
      certificate,
      `${certPath} is not valid before ${found.validFrom}`,
      `Look whether this machine’s clock is right (timedatectl). Where it is, and was not when this was made: ${
        isOwn(found, pair)
          ? 'remove it and start the server again, which makes another, with the same key.'
          : 'renew it, then start the server again.'
      }`,
    );
  }
  const left = `${certPath} is good for another ${spanText(leftMs)}`;
  return leftMs < soonMs
    ? doubtful(certificate, left, remedy)
    : right(certificate, `${left}, and the key is its own`);
}

/** Whether the certificate is one that clients take, and the key is its own. `shown` is what the running server shows them. */
export async function lookAtCertificate(
  settings: Settings,
  shown: X509Certificate | undefined,
  nowMs: number,
): Promise<Finding> {
  const pair = pairOf(settings);
  const { certPath, keyPath, isGiven } = pair;
  const cert = await readPemFile(certPath, 'The TLS certificate');
  const key = await readPemFile(keyPath, 'The TLS key');
  if (cert === undefined && key === undefined && !isGiven) {
    return doubtful(certificate, 'there is none yet', 'The first start makes one.');
  }
  if (cert === undefined || key === undefined) {
    const missing = cert === undefined ? certPath : keyPath;
    const remedy = isGiven
      ? 'Put it back, or name another.'
      : cert === undefined
        ? 'The next start makes it anew.'
        : 'Put the key back, from a backup or another copy: with a new one every client is asked again.';
    return wrong(certificate, `${missing} is not there`, remedy);
  }
  const found = parseCertificate(cert);
  if (found === undefined) {
    return wrong(certificate, `${certPath} holds no certificate in PEM form`, 'Put the right file there.');
  }
  if (!found.checkPrivateKey(parseKey(key, keyPath, 'The TLS key'))) {
    return wrong(
      certificate,
      `${keyPath} does not belong to ${certPath}: no server starts with the two`,
      'Put a matching pair there.',
    );
  }
  if (await isKeyOpen(keyPath)) {
    return wrong(certificate, `anybody on this machine may read ${keyPath}`, `chmod 0640 ${keyPath}`);
  }
  const judged = judgeTime(found, pair, nowMs);
  if (judged.verdict === 'right' && shown !== undefined && shown.fingerprint256 !== found.fingerprint256) {
    return doubtful(
      certificate,
      `the running server shows another one than ${certPath}, good for another ${spanText(Date.parse(shown.validTo) - nowMs)}`,
      'It was replaced after the start: start the server again.',
    );
  }
  return judged;
}
