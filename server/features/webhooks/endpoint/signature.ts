import { createHmac, randomBytes } from 'node:crypto';

/** A new secret for signing, 256 bits of chance: shown to its owner once, kept to sign with. */
export function makeWebhookSecret(): string {
  return `whsec_${randomBytes(32).toString('base64url')}`;
}

/**
 * The value of `Pay-Signature`: the time, in whole seconds since 1970, and the HMAC-SHA-256 (RFC 2104), in hexadecimal,
 * over the time, a full stop and the body, with the whole secret as the key.
 */
export function signatureOf(secret: string, seconds: number, body: string): string {
  const mac = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
  return `t=${seconds},v1=${mac}`;
}
