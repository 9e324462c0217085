/** Resolves at the first SIGTERM or SIGINT. A second one ends the process at once, as the power would. */
export function stopSignals(): Promise<void> {
  return new Promise((resolve) => {
    let isAsked = false;
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        if (isAsked) {
          // A process that exits while SQLite works in one of its threads aborts; one that is killed just ends.
          process.kill(process.pid, 'SIGKILL');
        }
        isAsked = true;
        resolve();
      });
    }
  });
}
