import type { Database } from '../../../db/connect.js';
import type { Clock } from '../../clock.js';
import { Refusal } from '../../errors.js';
import { tolerableOffsetMicros } from '../../ledger/settle-time.js';
import { networkOf } from '../../network.js';
import { makeTally } from '../../tally.js';
import { type Guess, type GuessFigures, type GuessKey, guessKeys } from './guess-keys.js';
import { longestWaitMicros } from './note-guesses.js';

/** The most tries of one user's secret, or of one place, that are looked at together: what comes of them counts first. */
const mostTogether = 4;
/** The most addresses from which a user has logged in lately that count as known. */
const mostAddresses = 100;

export interface GuessGuard {
  /**
   * Runs a try of somebody's secret, unless too many failed; it is told the keys that its failure, or success, counts under.
   * @throws Refusal RATE_LIMITED with the seconds to wait
   */
  attempt<Result>(
    guess: Pick<Guess, 'userId' | 'name'> & { readonly address: string },
    tryIt: (keys: readonly GuessKey[]) => Promise<Result>,
  ): Promise<Result>;
}

interface GuardParts {
  readonly readers: Database;
  readonly machineMicros: Clock;
  /** The figures of the waits; none where nothing is limited. */
  readonly figures: GuessFigures | undefined;
}

function tooMany(
  seconds: number,
  figures: { readonly free: number; readonly firstWaitMicros: number },
): Refusal {
  const policy = {
    name: 'guesses',
    points: figures.free,
    windowSeconds: figures.firstWaitMicros / 1_000_000,
  };
  return new Refusal('RATE_LIMITED', `Too many wrong tries. Try again in ${seconds} s.`, {
    retryAfterSeconds: seconds,
    rateLimit: policy,
  });
}

/** Whether the user has logged in from this network before. */
async function isKnown(readers: Database, userId: number, network: string): Promise<boolean> {
  const rows: { address: string }[] = await readers('sessions')
    .where({ user_id: userId })
    .whereRaw("place <> 'known'")
    .orderBy('id', 'desc')
    .limit(mostAddresses)
    .select('address');
  return rows.some(({ address }) => networkOf(address) === network);
}

/**
 * The microseconds to wait. A longer wait than there can be, servers' clocks being as far apart as they may, is of a clock that was
 * ahead: it would hold for as long as that was, and the next failure sets another.
 */
async function waitMicros(readers: Database, keys: readonly GuessKey[], now: number): Promise<number> {
  const [row]: { until: number | null }[] = await readers('guesses')
    .whereIn(
      'key',
      keys.map(({ key }) => key),
    )
    .where('blocked_until', '<=', now + longestWaitMicros + tolerableOffsetMicros)
    .max({ until: 'blocked_until' });
  return Math.max(0, (row?.until ?? 0) - now);
}

/** Guards secrets against being guessed, by what the database has of failures: a restart forgets none. */
export function makeGuessGuard({ readers, machineMicros, figures }: GuardParts): GuessGuard {
  const together = makeTally();

  return {
    async attempt({ userId, name, address }, tryIt) {
      if (figures === undefined) {
        return tryIt([]);
      }
      const network = networkOf(address);
      const isKnownPlace = userId !== undefined && (await isKnown(readers, userId, network));
      const keys = guessKeys({ userId, name, network, isKnownPlace }, figures);
      const [first] = keys;
      if (together.of(first.key) >= mostTogether) {
        throw tooMany(1, first);
      }
      const leave = together.add(first.key);
      try {
        const wait = await waitMicros(readers, keys, machineMicros());
        if (wait > 0) {
          throw tooMany(Math.ceil(wait / 1_000_000), first);
        }
        return await tryIt(keys);
      } finally {
        leave();
      }
    },
  };
}
