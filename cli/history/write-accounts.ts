import type { PaymentJson } from '../../server/features/payments/wire.js';
import type { WholeList } from '../api/stream-list.js';
import type { Context } from '../context.js';
import type { ListWriter } from '../lists/list-writer.js';
import { writeItems } from '../lists/write-list.js';

/** The formats of programs that keep accounts. */
export const accountFormats = ['ledger', 'beancount', 'ofx'] as const;

export type AccountFormat = (typeof accountFormats)[number];

async function ofxWriter(
  context: Context,
  { since, until }: WholeList['query'],
): Promise<ListWriter<PaymentJson>> {
  const api = await context.api();
  const user = await api.call('GET /v1/me');
  const now = context.now();
  const isPast = until !== undefined && new Date(until) < now;
  const { makeOfxWriter } = await import('./ofx.js');
  return makeOfxWriter({
    user,
    server: api.server,
    since: since ?? user.createdAt,
    until: isPast ? until : now.toISOString(),
    now,
  });
}

type Make = (context: Context, query: WholeList['query']) => Promise<ListWriter<PaymentJson>>;

const writers: Readonly<Record<AccountFormat, Make>> = {
  ledger: async () => (await import('./ledger.js')).makeLedgerWriter(),
  beancount: async () => (await import('./beancount.js')).makeBeancountWriter(),
  ofx: ofxWriter,
};

/** Writes the whole filtered history, or its newest `limit` payments, for such a program. @throws Failure */
export async function writeAccounts(
  context: Context,
  list: WholeList,
  format: AccountFormat,
  limit: number,
): Promise<void> {
  await writeItems(context, list, await writers[format](context, list.query), limit);
}
