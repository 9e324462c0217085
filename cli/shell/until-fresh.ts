/**
 * Work that several may ask for at once: whoever asks while it is done waits for it to be done once more, so that each gets what is
 * true after they asked. No more than one is done at a time, and no more once the signal is aborted.
 */
export function untilFresh(work: () => Promise<void>, signal: AbortSignal): () => Promise<void> {
  let working: Promise<void> | undefined;
  let isStale = false;

  async function workUntilFresh(): Promise<void> {
    do {
      isStale = false;
      await work();
    } while (isStale && !signal.aborted);
    working = undefined;
  }

  return () => {
    isStale = working !== undefined;
    working ??= workUntilFresh();
    return working;
  };
}
