/** Calls back after so many milliseconds, unless the function that it gives is called before. */
export type After = (delayMs: number, callback: () => void) => () => void;

/** The timer of the process. */
export const afterWallTime: After = (delayMs, callback) => {
  const timer = setTimeout(callback, delayMs);
  return () => clearTimeout(timer);
};
