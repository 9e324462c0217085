/** One page of a list (API.md, Conventions). */
export interface ListJson<Item> {
  readonly data: readonly Item[];
  readonly nextCursor: string | null;
}
