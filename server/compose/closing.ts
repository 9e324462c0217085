/** The list of what has to be closed, in the reverse order of opening; a start that fails closes what it has opened. */
export interface Closing {
  add(close: () => Promise<unknown> | unknown): void;
  run(): Promise<void>;
}

export function makeClosing(): Closing {
  const steps: (() => Promise<unknown> | unknown)[] = [];
  return {
    add: (close) => void steps.push(close),
    async run() {
      for (let close = steps.pop(); close; close = steps.pop()) {
        await close();
      }
    },
  };
}
