import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import { type GateBounds, makeGate } from '../../http/serve/bounded-gate.js';
import { preparePassword } from './prepare-password.js';

// The second of the equivalent settings in OWASP's password storage cheat sheet.
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 } as const;

/**
 * Argon2 works on the threads that SQLite uses, too; there are four of them by default. Half are left for the database, and
 * those who wait longest wait a second or two.
 */
const defaultBounds: GateBounds = {
  concurrency: 2,
  maxWaiting: 256,
  tooMany: 'Too many passwords are being checked right now. Try again in a few seconds.',
};

export interface PasswordHasher {
  /** A salted hash to be stored, in the PHC string format. */
  hash(password: string): Promise<string>;
  /**
   * Whether the password fits the stored hash. Without one (no such user) it does the same work and says no, so that the
   * time taken tells nothing.
   */
  verify(stored: string | undefined, password: string): Promise<boolean>;
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}

/** A hash that no known password fits. */
function makeDecoy(): string {
  const { memoryCost, timeCost, parallelism, outputLen } = cost;
  const settings = `m=${memoryCost},t=${timeCost},p=${parallelism}`;
  return `$argon2id$v=19$${settings}$${base64(randomBytes(16))}$${base64(randomBytes(outputLen))}`;
}

/**
 * Hashes and verifies passwords with Argon2id (RFC 9106), 19 MiB and two passes, off the main thread. Both throw
 * Refusal OVERLOADED at once where too many wait already.
 */
export function makePasswordHasher(bounds: Partial<GateBounds> = {}): PasswordHasher {
  const gate = makeGate({ ...defaultBounds, ...bounds });
  const decoy = makeDecoy();
  return {
    hash: (password) => gate(() => hash(preparePassword(password), cost)),
    verify: (stored, password) =>
      gate(async () => (await verify(stored ?? decoy, preparePassword(password))) && stored !== undefined),
  };
}
