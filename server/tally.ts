/** Counts by name; a name that counts none is not kept. */
export interface Tally<Name> {
  of(name: Name): number;
  /** Counts one more, and gives the way to count it out, which does so once. */
  add(name: Name): () => void;
}

export function makeTally<Name = string>(): Tally<Name> {
  const counts = new Map<Name, number>();

  function countOut(name: Name): void {
    const left = (counts.get(name) ?? 1) - 1;
    if (left > 0) {
      counts.set(name, left);
    } else {
      counts.delete(name);
    }
  }

  return {
    of: (name) => counts.get(name) ?? 0,
    add(name) {
      counts.set(name, (counts.get(name) ?? 0) + 1);
      let isCounted = true;
      return () => {
        if (isCounted) {
          isCounted = false;
          countOut(name);
        }
      };
    },
  };
}
