import { createHash } from 'node:crypto';

const blockBytes = 64;

const sha256 = (...parts: readonly Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest();

/** HMAC-SHA-256 as RFC 2104 §2 defines it, written down from there. */
export function ownHmac(key: string, text: string): string {
  const bytes = Buffer.from(key);
  const shortKey = bytes.length > blockBytes ? sha256(bytes) : bytes;
  const padded = Buffer.concat([shortKey, Buffer.alloc(blockBytes - shortKey.length)]);
  const inner = Buffer.from(padded.map((byte) => byte ^ 0x36));
  const outer = Buffer.from(padded.map((byte) => byte ^ 0x5c));
  return sha256(outer, sha256(inner, Buffer.from(text))).toString('hex');
}

/** Whether the value of `Pay-Signature` is right for the body, as a receiver finds out. */
export function isSigned(header: string | undefined, secret: string, body: string): boolean {
  const parts = /^t=(?<time>\d+),v1=(?<mac>[0-9a-f]{64})$/.exec(header ?? '')?.groups;
  return parts !== undefined && parts.mac === ownHmac(secret, `${parts.time}.${body}`);
}
