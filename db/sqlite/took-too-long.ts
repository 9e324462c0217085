/** A statement was broken off because it took longer than its connection allows. */
export class TookTooLong extends Error {
  override readonly name = 'TookTooLong';
  readonly afterMs: number;

  constructor(afterMs: number, cause: unknown) {
    super(`The statement took longer than ${afterMs} ms.`, { cause });
    this.afterMs = afterMs;
  }
}
