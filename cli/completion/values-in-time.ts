import { accountFlags } from './account-flags.js';
import { cachedValues } from './cached-values.js';
import { askLiveValues, type LiveKind, type LiveValues } from './live-values.js';
import { type CompletionParts, openAccount } from './open-account.js';

// Once somebody looks for values that come late, nobody else has to for so long.
const pauseMs = 10_000;

/**
 * The values of the account that the words are about. Where nobody is logged in there are only the profiles.
 * @param patience resolves when whoever pressed Tab has waited long enough
 * @throws Failure
 */
export function valuesInTime(
  parts: CompletionParts,
  words: readonly string[],
  patience: Promise<unknown>,
): LiveValues {
  const flags = accountFlags(words.slice(0, -1));
  let opened: ReturnType<typeof openAccount> | undefined;
  return async (kind) => {
    opened ??= openAccount(parts, flags);
    const { context, cache } = await opened;
    const values = askLiveValues(context);
    if (kind === 'profile') {
      return await values(kind);
    }
    if (cache === undefined) {
      return [];
    }
    const askLater = async (late: LiveKind) => {
      if (await cache.begin(late, context.now().getTime(), pauseMs)) {
        const { refreshApart } = await import('./refresh.js');
        refreshApart(late, flags, parts.runtime);
      }
    };
    return await cachedValues(values, { cache, now: context.now, patience, askLater })(kind);
  };
}
