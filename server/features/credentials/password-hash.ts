import { randomBytes } from 'node:crypto';
import { makeGate } from '../../http/serve/bounded-gate.js';
import { type ShareTable, undividedShares } from '../../rate-figures.js';
import { type HashThread, makeHashThread } from './hash-thread.js';
import { makePace } from './pace.js';
import { formerlyPrepared, preparePassword } from './prepare-password.js';

// The cost of a hash: the second of the equivalent settings in OWASP's password storage cheat sheet.
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 } as const;

/**
 * The steps that hashing stands back in priority: Argon2 takes all of a core, and payments, which nobody may hold up by
 * logging in, come before it.
 */
const stepsBack = 10;

const tooMany = 'Too many passwords are being checked right now. Try again in a few seconds.';

/** How many are hashed at a time, and how many wait: with one, those who wait longest wait a second or two on a machine that is not busy. */
export type HashingShares = Pick<ShareTable, 'passwords' | 'passwordsWaiting'>;

export interface PasswordHasher {
  /** A salted hash to be stored, in the PHC string format. Whoever asks, by the name that callers are counted under, takes turns with others. */
  hash(password: string, caller: string): Promise<string>;
  /**
   * Whether the password fits the stored hash. Without one (no such user) it does the same work and says no, so that the
   * time taken tells nothing.
   */
  verify(stored: string | undefined, password: string, caller: string): Promise<boolean>;
  /** Whether the hash was made with other parameters than new ones are, and should be made anew. */
  isOutdated(stored: string): boolean;
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}

const parameters = `m=${cost.memoryCost},t=${cost.timeCost},p=${cost.parallelism}`;

/** A hash that no known password fits. */
function makeDecoy(): string {
  return `$argon2id$v=19$${parameters}$${base64(randomBytes(16))}$${base64(randomBytes(cost.outputLen))}`;
}

/**
 * Hashes and verifies passwords with Argon2id (RFC 9106), 19 MiB and two passes, one at a time in a thread that steps back
 * where others have to do, and rests while the server is busy. Both throw Refusal RATE_LIMITED or OVERLOADED at once where too many wait already.
 */
export function makePasswordHasher(shares: HashingShares = undividedShares): PasswordHasher {
  const gate = makeGate({ running: shares.passwords, waiting: shares.passwordsWaiting, tooMany });
  const hashing = makeHashThread({ cost, stepsBack });
  const pace = makePace();
  const thread: HashThread = (task) => pace(() => hashing(task));
  const decoy = makeDecoy();
  return {
    hash: async (password, caller) =>
      String(await gate(caller, () => thread({ password: preparePassword(password) }))),
    async verify(stored, password, caller) {
      const forms = new Set([preparePassword(password), formerlyPrepared(password)]);
      let fits = false;
      // Mostly the forms are one; both are tried whatever the first says, so that the time depends on what was typed alone.
      for (const form of forms) {
        const isRight = await gate(caller, () => thread({ stored: stored ?? decoy, password: form }));
        fits ||= isRight === true;
      }
      return fits && stored !== undefined;
    },
    isOutdated: (stored) => !stored.startsWith(`$argon2id$v=19$${parameters}$`),
  };
}
