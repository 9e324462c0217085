import type { AuditRecordJson } from '../../../server/features/audit/wire.js';
import { fetchPage, largestPage } from '../../api/fetch-list.js';
import type { Filters } from '../../api/operation.js';
import type { Context } from '../../context.js';
import { sleep } from '../../sleep.js';
import { showLine, tableText } from '../../terminal/show.js';
import { reshaped } from '../../terminal/text/shown.js';
import { auditCells, auditColumns } from './audit-text.js';

type Query = Filters<'GET /v1/admin/audit'>;

/** The pause between two looks at the trail: short for a person, and a look at what is new costs the server little. */
const pauseMs = 2_000;

/** The records after this one, oldest first; after none, those that there are now on one page. */
async function recordsAfter(
  context: Context,
  query: Query,
  last: string | undefined,
): Promise<readonly AuditRecordJson[]> {
  const api = await context.api();
  const found: AuditRecordJson[] = [];
  let cursor: string | undefined;
  do {
    const page = await fetchPage(api, 'GET /v1/admin/audit', { query }, largestPage, cursor);
    // Ids sort by time.
    const fresh: readonly AuditRecordJson[] = page.data.filter(({ id }) => last === undefined || id > last);
    found.push(...fresh);
    cursor = fresh.length < page.data.length ? undefined : (page.nextCursor ?? undefined);
  } while (cursor !== undefined && last !== undefined);
  return found.reverse();
}

async function showRecord(context: Context, record: AuditRecordJson): Promise<void> {
  await showLine(context, {
    json: record,
    // Below the table that is there already, whose header says what stands where.
    people: async () =>
      reshaped(await tableText(context, auditColumns(context), [record]), (text) =>
        text.slice(text.indexOf('\n') + 1),
      ),
    machine: () => [auditCells(record)],
  });
}

/** Writes what comes into the audit trail, one record a line, until it is interrupted. */
export async function followAudit(context: Context, query: Query): Promise<void> {
  let last = (await recordsAfter(context, query, undefined)).at(-1)?.id ?? '';
  while (!context.signal.aborted && !context.stdout.isGone) {
    for (const record of await recordsAfter(context, query, last)) {
      await showRecord(context, record);
      last = record.id;
    }
    await sleep(pauseMs, context.signal);
  }
}
