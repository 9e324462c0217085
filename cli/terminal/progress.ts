import type { Screen } from './screen.js';

const delayMs = 300;

/** Runs the work; where it takes longer than a moment and somebody watches, a spinner on stderr says so. */
export async function withProgress<Result>(
  screen: Screen,
  text: string,
  isQuiet: boolean,
  work: () => Promise<Result>,
): Promise<Result> {
  if (isQuiet || !screen.isTerminal || screen.pen.level === 0) {
    return await work();
  }
  let stop = () => {};
  let isOver = false;
  const timer = setTimeout(() => {
    void import('yocto-spinner').then(({ default: yoctoSpinner }) => {
      if (!isOver) {
        // Signals are the command's to handle: it must say whether money moved.
        const spinner = yoctoSpinner({ text, stream: screen.stream, handleSignals: false }).start();
        stop = () => spinner.stop();
      }
    });
  }, delayMs);
  try {
    return await work();
  } finally {
    isOver = true;
    clearTimeout(timer);
    stop();
  }
}
