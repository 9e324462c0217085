import type { AuditRecordJson } from '../../../server/features/audit/wire.js';

/** A page of the audit trail, newest first. */
interface Page {
  readonly data: readonly AuditRecordJson[];
  readonly nextCursor: string | null;
}

/**
 * The records after this one, oldest first: the oldest `most`, where more have come; the others follow them. Ids sort by time.
 */
export async function recordsAfter(
  fetchPage: (cursor: string | undefined) => Promise<Page>,
  last: string,
  most: number,
): Promise<readonly AuditRecordJson[]> {
  const found: AuditRecordJson[] = [];
  let cursor: string | undefined;
  do {
    const { data, nextCursor } = await fetchPage(cursor);
    const fresh = data.filter(({ id }) => id > last);
    found.push(...fresh);
    found.splice(0, found.length - most);
    cursor = fresh.length < data.length ? undefined : (nextCursor ?? undefined);
  } while (cursor !== undefined);
  return found.reverse();
}
