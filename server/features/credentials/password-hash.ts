import { randomBytes } from 'node:crypto';
import { type GateBounds, makeGate } from '../../http/serve/bounded-gate.js';
import { makeHashThread } from './hash-thread.js';
import { preparePassword } from './prepare-password.js';

// The second of the equivalent settings in OWASP's password storage cheat sheet.
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 } as const;

/** Argon2 takes all of a core: payments, which nobody may hold up by logging in, come before it. */
const stepsBack = 5;

/** One at a time, so that those who wait longest wait a second or two on a machine that is not busy. */
const defaultBounds: GateBounds = {
  concurrency: 1,
  maxWaiting: 64,
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
 * Hashes and verifies passwords with Argon2id (RFC 9106), 19 MiB and two passes, one at a time in a thread that steps back
 * where others have to do. Both throw Refusal OVERLOADED at once where too many wait already.
 */
export function makePasswordHasher(bounds: Partial<Pick<GateBounds, 'maxWaiting'>> = {}): PasswordHasher {
  const gate = makeGate({ ...defaultBounds, ...bounds });
  const thread = makeHashThread({ cost, stepsBack });
  const decoy = makeDecoy();
  return {
    hash: async (password) => String(await gate(() => thread({ password: preparePassword(password) }))),
    async verify(stored, password) {
      const task = { stored: stored ?? decoy, password: preparePassword(password) };
      return (await gate(() => thread(task))) === true && stored !== undefined;
    },
  };
}
