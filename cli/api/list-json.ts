/** One page of a list (API.md, Conventions). */
export interface ListJson<Item> {
  readonly data: readonly Item[];
  readonly nextCursor: string | null;
  /** How many there are in all, where that was asked; null where there are too many to be counted. */
  readonly total?: number | null | undefined;
}
