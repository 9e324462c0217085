import type { Screen } from './screen.js';

export interface Progress {
  readonly screen: Screen;
  readonly text: string;
  readonly afterMs: number;
  readonly isQuiet: boolean;
}

/** Runs the work; where it takes longer than this and somebody watches, a spinner on the screen says so. */
export async function withProgress<Result>(
  work: () => Promise<Result>,
  { screen, text, afterMs, isQuiet }: Progress,
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
  }, afterMs);
  try {
    return await work();
  } finally {
    isOver = true;
    clearTimeout(timer);
    stop();
  }
}
