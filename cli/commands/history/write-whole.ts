import type { UserJson } from '../../../server/accounts/wire.js';
import type { PaymentJson } from '../../../server/payments/wire.js';
import type { Context } from '../../context.js';
import type { HistoryWriter } from '../../formats/history-writer.js';
import { show } from '../../render/show.js';
import { streamItems, type WholeList } from '../../stream-list.js';
import { writeCsv } from '../../write-csv.js';

export const wholeFormats = ['json', 'ndjson', 'csv', 'ledger', 'beancount', 'ofx'] as const;

export type WholeFormat = (typeof wholeFormats)[number];

async function ofxWriter(context: Context, { since, until }: WholeList['query']): Promise<HistoryWriter> {
  const api = await context.api();
  const user = await api.json<UserJson>({ method: 'GET', path: '/v1/me' });
  const now = context.now();
  const isPast = until !== undefined && new Date(until) < now;
  const { makeOfxWriter } = await import('../../formats/ofx.js');
  return makeOfxWriter({
    user,
    server: api.server,
    since: since ?? user.createdAt,
    until: isPast ? until : now.toISOString(),
    now,
  });
}

type Make = (context: Context, query: WholeList['query']) => Promise<HistoryWriter>;

const writers: Readonly<Record<Exclude<WholeFormat, 'csv'> | 'tabs', Make>> = {
  json: async (context) => (await import('../../formats/json-array.js')).makeJsonArrayWriter(context),
  ndjson: async (context) => (await import('../../formats/lines.js')).makeJsonLinesWriter(context),
  tabs: async () => (await import('../../formats/lines.js')).makeTabsWriter(),
  ledger: async () => (await import('../../formats/ledger.js')).makeLedgerWriter(),
  beancount: async () => (await import('../../formats/beancount.js')).makeBeancountWriter(),
  ofx: ofxWriter,
};

/** A filter sees the array that it would see behind a pipe, so that this has to be gathered first. */
async function filterArray(context: Context, list: WholeList, limit: number): Promise<void> {
  const all: PaymentJson[] = [];
  for await (const some of streamItems<PaymentJson>(context, list, limit)) {
    all.push(...some);
  }
  await show(context, { json: all, people: () => '', machine: () => [] });
}

/**
 * Writes the whole filtered history, or its newest `limit` payments, as they arrive: neither here nor on the server is
 * more of it held than a few pages.
 */
export async function writeWhole(
  context: Context,
  query: WholeList['query'],
  format: WholeFormat | 'tabs',
  limit: number,
): Promise<void> {
  const { stdout } = context;
  const list = { path: '/v1/payments', query };
  if (format === 'csv') {
    await writeCsv(context, list, limit);
    return;
  }
  if (format === 'json' && context.filter) {
    await filterArray(context, list, limit);
    return;
  }
  const writer = await writers[format](context, query);
  let text = writer.begin();
  for await (const some of streamItems<PaymentJson>(context, list, limit)) {
    await stdout.write(text + writer.payments(some));
    text = '';
    if (stdout.isGone) {
      return;
    }
  }
  await stdout.write(text + writer.end());
}
