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

/**
 * Does the work and closes what it has opened. Throws what the work has thrown, whatever cannot be closed after that: it is why
 * the work failed, and often why closing does.
 */
export async function closeAfter<Result>(work: (closing: Closing) => Promise<Result>): Promise<Result> {
  const closing = makeClosing();
  let result: Result;
  try {
    result = await work(closing);
  } catch (error) {
    await closing.run().catch(() => {});
    throw error;
  }
  await closing.run();
  return result;
}
