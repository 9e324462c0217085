/**
 * Lets many take turns fairly. Each `await turn()` is granted in the order of asking, `turnsPerRound` of them in one
 * round of the event loop, so that between two rounds newcomers are accepted and new bytes are read.
 */
export function takeTurns(turnsPerRound: number): () => Promise<void> {
  const waiting: (() => void)[] = [];
  const round = () => {
    for (const grant of waiting.splice(0, turnsPerRound)) {
      grant();
    }
    if (waiting.length > 0) {
      setImmediate(round);
    }
  };
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      if (waiting.length === 1) {
        setImmediate(round);
      }
    });
}
