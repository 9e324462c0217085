/** The list of what has to be undone when it is over, the newest first: processes that run, folders that were made. */
export class Ending {
  #acts: (() => Promise<unknown>)[] = [];

  later(act: () => Promise<unknown>): void {
    this.#acts.push(act);
  }

  /** Undoes all, even where some of it fails. */
  async end(): Promise<void> {
    const acts = this.#acts.splice(0).toReversed();
    for (const act of acts) {
      await act().catch((error: unknown) => process.stderr.write(`${String(error)}\n`));
    }
  }

  /** Runs the work with an ending of its own, which is over when the work is. */
  async during<Result>(work: (ending: Ending) => Promise<Result>): Promise<Result> {
    const inner = new Ending();
    this.later(() => inner.end());
    try {
      return await work(inner);
    } finally {
      await inner.end();
    }
  }
}
