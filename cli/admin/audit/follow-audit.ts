import type { AuditRecordJson } from '../../../server/features/audit/wire.js';
import { fetchList, fetchPage, largestPage } from '../../api/fetch-list.js';
import type { Filters } from '../../api/operation.js';
import type { Context } from '../../context.js';
import { sleep } from '../../sleep.js';
import { showLine, tableText } from '../../terminal/show.js';
import { reshaped } from '../../terminal/text/shown.js';
import { auditCells, auditColumns } from './audit-text.js';
import { recordsAfter } from './records-after.js';

type Query = Filters<'GET /v1/admin/audit'>;

/** The pause between two looks at the trail: short for a person, and a look at what is new costs the server little. */
const pauseMs = 2_000;

/** So many records are written at once; what has come in a longer pause is written by and by. */
const mostAtOnce = 1_000;

/** The newest records that there are, oldest first. */
async function newestRecords(
  context: Context,
  query: Query,
  limit: number,
): Promise<readonly AuditRecordJson[]> {
  const { items } = await fetchList(context, 'GET /v1/admin/audit', { query }, limit);
  return items.toReversed();
}

/** Writes a record in a line; for people below the table of those above, whose header says what stands where. */
async function showRecord(
  context: Context,
  record: AuditRecordJson,
  above: readonly AuditRecordJson[] = [],
): Promise<void> {
  await showLine(context, {
    json: record,
    people: async () =>
      reshaped(await tableText(context, auditColumns(context), [record], above), (text) =>
        text.slice(text.indexOf('\n') + 1),
      ),
    machine: () => [auditCells(record)],
  });
}

/** Writes the records that are there, for people as a table, whose header stands above all that follow. */
async function showNewest(context: Context, records: readonly AuditRecordJson[]): Promise<void> {
  if (context.stdout.isTerminal && !context.isJson) {
    await context.stdout.write(await tableText(context, auditColumns(context), records));
    return;
  }
  for (const record of records) {
    await showRecord(context, record);
  }
}

/** Writes the newest records of the audit trail, oldest first, and then what comes, one a line, until it is interrupted. */
export async function followAudit(context: Context, query: Query, limit: number): Promise<void> {
  const newest = await newestRecords(context, query, limit);
  await showNewest(context, newest);
  let last = newest.at(-1)?.id ?? '';
  while (!context.signal.aborted && !context.stdout.isGone) {
    await sleep(pauseMs, context.signal);
    const api = await context.api();
    const fetch = (cursor: string | undefined) =>
      fetchPage(api, 'GET /v1/admin/audit', { query }, largestPage, cursor);
    for (const record of await recordsAfter(fetch, last, mostAtOnce)) {
      await showRecord(context, record, newest);
      last = record.id;
    }
  }
}
