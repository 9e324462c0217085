import { setTimeout as pause } from 'node:timers/promises';

/** Longer than anything takes, also on a machine that is slow and busy: what has not come by then does not come. */
export const patienceMs = 60_000;

const lookEachMs = 20;

/** Gives what is awaited, or throws after the time in which it must have come, saying what did not. */
export async function inTime<Value>(
  what: string,
  awaited: PromiseLike<Value>,
  mostMs = patienceMs,
): Promise<Value> {
  const waited = new AbortController();
  const late = pause(mostMs, undefined, { signal: waited.signal }).then(() => {
    throw new Error(`In ${mostMs / 1_000} s there was not: ${what}`);
  });
  // Its end is of no interest when the other one came first.
  late.catch(() => {});
  try {
    return await Promise.race([awaited, late]);
  } finally {
    waited.abort();
  }
}

type Looked<Value> = Value | false | undefined;

/**
 * Looks again and again until there is something to give, for what nothing announces. Throws after the time in which it must
 * have come, saying what did not.
 * @param what completes "there was not: …"; a function is asked at the end, and can say how things stand then
 */
export async function until<Value>(
  what: string | (() => string),
  look: () => Looked<Value> | Promise<Looked<Value>>,
  mostMs = patienceMs,
): Promise<Value> {
  for (const endMs = performance.now() + mostMs; ; await pause(lookEachMs)) {
    const found = await look();
    if (found !== false && found !== undefined) {
      return found;
    }
    if (performance.now() > endMs) {
      throw new Error(`In ${mostMs / 1_000} s there was not: ${typeof what === 'string' ? what : what()}`);
    }
  }
}
