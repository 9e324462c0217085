import { DatabaseProblem } from '../../files/database-problem.js';
import { inspectSchema, storageProblem } from '../../open/inspect.js';
import { lockDatabase } from '../../open/lock-database.js';
import { findFile, openSnapshot, type Snapshot } from '../../open/snapshot.js';
import { haveAlone } from '../../postgres/open/have-alone.js';
import { pendingIn } from '../../postgres/open/inspect-books.js';
import { isPostgres } from '../../postgres/place.js';

/** Books that nobody writes while they are read. */
export interface MoveSource {
  readonly snapshot: Snapshot;
  close(): Promise<void>;
}

async function holdSource(place: string): Promise<() => Promise<void>> {
  if (isPostgres(place)) {
    const database = await haveAlone(place);
    return () => database.destroy();
  }
  const held = await lockDatabase(await findFile(place));
  return () => held.release();
}

/** The snapshot, whose failures name its own place and not that of the target. */
const named = (snapshot: Snapshot, place: string): Snapshot => ({
  ...snapshot,
  raw: async (sql, bindings) => {
    try {
      return await snapshot.raw(sql, bindings);
    } catch (error) {
      throw storageProblem(place, error);
    }
  },
});

/** Opens books to be moved. Throws DatabaseProblem where a server uses them, has yet to bring them up to date, or where they cannot be read. */
export async function openMoveSource(place: string): Promise<MoveSource> {
  const release = await holdSource(place);
  try {
    const snapshot = named(await openSnapshot(place), place);
    const close = async () => {
      await snapshot.close();
      await release();
    };
    try {
      const pending = isPostgres(place)
        ? await pendingIn(snapshot, place)
        : await inspectSchema(snapshot, snapshot.file);
      if (pending.length > 0) {
        throw new DatabaseProblem(
          `${snapshot.file} is of an older version of pay. Bring it up to date first: pay-server migrate. Nothing was moved.`,
        );
      }
      return { snapshot, close };
    } catch (error) {
      await snapshot.close();
      throw error;
    }
  } catch (error) {
    await release();
    throw error;
  }
}
