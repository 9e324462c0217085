import { beginDraft } from './draft.js';
import { storageProblem } from './inspect.js';
import { withSnapshot } from './snapshot.js';

/** A time as it stands in the name of a file: 20261123T034500Z. */
const stamp = (now: Date) => `${now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;

/**
 * Keeps a copy of the database beside it, durably, as it is before the migrations. Gives the copy's file. Throws
 * DatabaseProblem when there is no room.
 */
export async function keepCopy(file: string, pending: readonly string[]): Promise<string> {
  const copy = `${file}.before-${pending.at(-1)}-${stamp(new Date())}`;
  const draft = await beginDraft(`${file}.before.partial`);
  try {
    await withSnapshot(file, (snapshot) => snapshot.copyTo(draft.file));
    await draft.placeAs(copy);
    return copy;
  } catch (error) {
    throw storageProblem(copy, error);
  } finally {
    await draft.discard();
  }
}
