import type { Cache } from './cache.js';
import type { Candidate, LiveKind, LiveValues } from './live-values.js';

// For so long a cached value is fresh, and nothing is asked of the server.
const freshMs = 60_000;
// For so long a cached value is better than nothing, where the server does not answer in time.
const usableMs = 15 * 60_000;

export interface Waiting {
  readonly cache: Cache;
  readonly now: () => Date;
  /** Resolves when whoever pressed Tab has waited long enough. */
  readonly patience: Promise<unknown>;
  /** Has a kind looked for besides, for the next time. */
  readonly askLater: (kind: LiveKind) => Promise<void>;
}

/** The same values, kept in the cache as they are found. */
export function keeping(values: LiveValues, { cache, now }: Pick<Waiting, 'cache' | 'now'>): LiveValues {
  return async (kind) => {
    const candidates = await values(kind);
    await cache.write(kind, { atMs: now().getTime(), candidates });
    return candidates;
  };
}

/**
 * The same values from the cache, and from the server where they are not fresh; where it fails or is not quick enough, those
 * of some minutes ago. Never throws.
 */
export function cachedValues(values: LiveValues, waiting: Waiting): LiveValues {
  const { cache, now, patience, askLater } = waiting;
  const find = keeping(values, waiting);
  return async (kind) => {
    const known = await cache.read(kind);
    const ageMs = known === undefined ? Number.POSITIVE_INFINITY : now().getTime() - known.atMs;
    if (known && ageMs >= 0 && ageMs < freshMs) {
      return known.candidates;
    }
    const before: readonly Candidate[] = known && ageMs >= 0 && ageMs < usableMs ? known.candidates : [];
    const found = find(kind).catch(() => before);
    const late = patience.then(async () => {
      await askLater(kind);
      return before;
    });
    return await Promise.race([found, late]);
  };
}
