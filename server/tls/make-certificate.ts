import { createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { isIP } from 'node:net';
import { promisify } from 'node:util';

/** The subject and issuer of the certificates made here, by which they are known as our own. */
export const ownSubject = 'pay';

const validYears = 10;

/** A new private key on the curve P-256, as PEM (PKCS #8). */
export async function makeKey(): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** Whether a certificate can be made for this key. */
export function isSuitableKey(key: KeyObject): boolean {
  return key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1';
}

function alternativeName(host: string): { type: 7; ip: string } | { type: 2; value: string } {
  return isIP(host) === 0 ? { type: 2, value: host } : { type: 7, ip: host };
}

/** Signs a certificate (PEM) with its own P-256 key, for these host names and addresses, valid for ten years. */
export async function makeCertificate(key: KeyObject, hosts: readonly string[], now: Date): Promise<string> {
  // Reading the library takes longer than all the rest of a start, and is needed once in ten years.
  const { generate } = await import('selfsigned');
  // Certificates count whole seconds.
  const notBeforeDate = new Date(Math.floor(now.getTime() / 1000) * 1000);
  const notAfterDate = new Date(notBeforeDate);
  notAfterDate.setUTCFullYear(notAfterDate.getUTCFullYear() + validYears);
  const made = await generate([{ name: 'commonName', value: ownSubject }], {
    algorithm: 'sha256',
    keyType: 'ec',
    curve: 'P-256',
    keyPair: {
      privateKey: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
      publicKey: createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString(),
    },
    notBeforeDate,
    notAfterDate,
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: hosts.map(alternativeName) },
    ],
  });
  return made.cert.endsWith('\n') ? made.cert : `${made.cert}\n`;
}
