/** One way to write a list: text, fit for a terminal as it stands, for its items as they arrive, in the server's order, so that its length does not matter. */
export interface ListWriter<Item> {
  begin(): string;
  items(some: readonly Item[]): string;
  /** The end of the output; where it is missing, that is incomplete. */
  end(): string;
}
