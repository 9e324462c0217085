import DataLoader from 'dataloader';

/** The most keys that one statement reads: more would make those at the front wait for the last. */
const largestBatch = 256;

/**
 * Gives the row of a key, by one statement at a time for all that came to be read while the one before was under way. No
 * row is kept. `read` gives the rows of the keys that have one, in any order.
 */
export function readTogether<Row, Key extends string | number = string>(
  read: (keys: readonly Key[]) => Promise<readonly Row[]>,
  keyOf: (row: Row) => Key,
): (key: Key) => Promise<Row | undefined> {
  let underWay: Promise<unknown> = Promise.resolve();
  const loader = new DataLoader<Key, Row | undefined>(
    async (keys) => {
      const query = read(keys);
      underWay = query;
      const byKey = new Map((await query).map((row) => [keyOf(row), row]));
      return keys.map((key) => byKey.get(key));
    },
    {
      cache: false,
      maxBatchSize: largestBatch,
      batchScheduleFn: (dispatch) => {
        const next = () => void setImmediate(dispatch);
        underWay.then(next, next);
      },
    },
  );
  return (key) => loader.load(key);
}
