/** The list of what has to be closed, in the reverse order of opening; a start that fails closes what it has opened. */
export interface Closing {
  add(close: () => Promise<unknown> | unknown): void;
  /** Closes all, whatever fails on the way. Throws what a close has thrown, of several an AggregateError. */
  run(): Promise<void>;
}

export function makeClosing(): Closing {
  const steps: (() => Promise<unknown> | unknown)[] = [];
  return {
    add: (close) => void steps.push(close),
    async run() {
      const errors: unknown[] = [];
      for (let close = steps.pop(); close; close = steps.pop()) {
        try {
          await close();
        } catch (error) {
          errors.push(error);
        }
      }
      if (errors.length > 1) {
        throw new AggregateError(errors, 'Not everything could be closed.');
      }
      if (errors.length === 1) {
        throw errors[0];
      }
    },
  };
}
