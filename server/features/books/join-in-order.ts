export interface Joined<Left, Right> {
  /** The left row; none where the rights name one that is not there. */
  readonly left: Left | undefined;
  readonly rights: readonly Right[];
}

type Pages<Row> = AsyncIterable<readonly Row[]>;

/** The rows of some pages one by one; waits only where a page ends. */
class Rows<Row> {
  readonly #pages: AsyncIterator<readonly Row[]>;
  #page: readonly Row[] = [];
  #place = 0;

  constructor(pages: Pages<Row>) {
    this.#pages = pages[Symbol.asyncIterator]();
  }

  /** The next row, if its page is here. */
  get next(): Row | undefined {
    return this.#page[this.#place];
  }

  take(): void {
    this.#place += 1;
  }

  /** Sees to it that `next` is the next row, or undefined at the end. */
  async turn(): Promise<void> {
    if (this.#place >= this.#page.length) {
      const { done, value } = await this.#pages.next();
      this.#page = done ? [] : value;
      this.#place = 0;
    }
  }

  async close(): Promise<void> {
    await this.#pages.return?.();
  }
}

/** Takes the rights up to a key: those of the key itself are its own, those before it belong to none. */
async function takeRights<Left, Right>(
  rights: Rows<Right>,
  keyOf: (right: Right) => number,
  key: number | undefined,
  orphans: Joined<Left, Right>[],
): Promise<readonly Right[]> {
  const own: Right[] = [];
  for (;;) {
    if (rights.next === undefined) {
      await rights.turn();
    }
    const right = rights.next;
    if (right === undefined || (key !== undefined && keyOf(right) > key)) {
      return own;
    }
    rights.take();
    if (keyOf(right) === key) {
      own.push(right);
    } else {
      orphans.push({ left: undefined, rights: [right] });
    }
  }
}

/**
 * Each left with the rights that have its key, and the rights that have no left; both come sorted by the key and are read
 * once, page by page.
 */
export async function* joinInOrder<Left, Right>(
  lefts: { readonly pages: Pages<Left>; readonly keyOf: (left: Left) => number },
  rights: { readonly pages: Pages<Right>; readonly keyOf: (right: Right) => number },
): AsyncGenerator<readonly Joined<Left, Right>[]> {
  const rightRows = new Rows(rights.pages);
  try {
    for await (const page of lefts.pages) {
      const joined: Joined<Left, Right>[] = [];
      for (const left of page) {
        const own = await takeRights(rightRows, rights.keyOf, lefts.keyOf(left), joined);
        joined.push({ left, rights: own });
      }
      yield joined;
    }
    const orphans: Joined<Left, Right>[] = [];
    await takeRights(rightRows, rights.keyOf, undefined, orphans);
    yield orphans;
  } finally {
    await rightRows.close();
  }
}
