import type { Spinner } from 'yocto-spinner';
import type { Screen } from './screen.js';

export interface ProgressParts {
  readonly screen: Screen;
  readonly afterMs: number;
  readonly isQuiet: boolean;
}

/** Runs the work; where it takes long and somebody watches, a spinner on the screen says so in these words. */
export type Progress = <Result>(work: () => Promise<Result>, text: string) => Promise<Result>;

interface Waiting {
  readonly text: string;
}

/** Shows one spinner for all the works that take long at the same time, with the words of the one that began first. */
export function makeProgress({ screen, afterMs, isQuiet }: ProgressParts): Progress {
  const waiting = new Set<Waiting>();
  let spinner: Spinner | undefined;

  async function begin(own: Waiting): Promise<void> {
    waiting.add(own);
    const { default: yoctoSpinner } = await import('yocto-spinner');
    if (waiting.has(own) && spinner === undefined) {
      // Signals are the command's to handle: it must say whether money moved.
      spinner = yoctoSpinner({ text: own.text, stream: screen.stream, handleSignals: false }).start();
    }
  }

  function end(own: Waiting): void {
    waiting.delete(own);
    const [first] = waiting;
    if (spinner === undefined) {
      return;
    }
    if (first === undefined) {
      spinner.stop();
      spinner = undefined;
    } else if (spinner.text !== first.text) {
      spinner.text = first.text;
    }
  }

  return async (work, text) => {
    if (isQuiet || !screen.isTerminal || screen.pen.level === 0) {
      return await work();
    }
    const own = { text };
    const timer = setTimeout(() => void begin(own), afterMs);
    try {
      return await work();
    } finally {
      clearTimeout(timer);
      end(own);
    }
  };
}
