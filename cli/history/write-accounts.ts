import { eachOfList, type WholeList } from '../api/stream-list.js';
import type { Context } from '../context.js';
import { asItStands } from '../terminal/text/shown.js';
import type { AccountWriter, Wanted } from './account-writer.js';
import { openReversal } from './reversal.js';

/** The formats of programs that keep accounts. */
export const accountFormats = ['ledger', 'beancount', 'ofx'] as const;

export type AccountFormat = (typeof accountFormats)[number];

type History = WholeList<'GET /v1/payments'>;

async function ofxWriter(context: Context, { since, until }: History['query']): Promise<AccountWriter> {
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

type Make = (context: Context, query: History['query'], wanted: Wanted) => Promise<AccountWriter>;

const writers: Readonly<Record<AccountFormat, Make>> = {
  ledger: async (_context, _query, wanted) => (await import('./ledger.js')).makeLedgerWriter(wanted),
  beancount: async (_context, _query, wanted) => (await import('./beancount.js')).makeBeancountWriter(wanted),
  ofx: ofxWriter,
};

/** Whether the history is wanted with nothing left out, so that what it comes to is the balance. */
function isWhole({ query }: History, limit: number): boolean {
  return limit === Number.POSITIVE_INFINITY && Object.values(query).every((filter) => filter === undefined);
}

/**
 * Writes the whole filtered history, or its newest `limit` payments, for such a program, in the order of time, which is
 * the other way round than it comes. Nothing is written of what does not come whole. @returns whether there are more. @throws Failure
 */
export async function writeAccounts(
  context: Context,
  list: History,
  format: AccountFormat,
  options: { readonly limit: number; readonly hasDeclarations: boolean },
): Promise<boolean> {
  const { limit, hasDeclarations } = options;
  const wanted = { hasDeclarations, isWhole: isWhole(list, limit) };
  const writer = await writers[format](context, list.query, wanted);
  const reversal = await openReversal();
  try {
    const hasMore = await eachOfList(context, list, limit, async (some) => {
      const texts = some.map((payment) => writer.payment(payment));
      await reversal.add(texts.reverse().join(''));
      return true;
    });
    await context.stdout.write(asItStands(writer.head()));
    for await (const text of reversal.backwards()) {
      if (context.stdout.isGone) {
        return hasMore;
      }
      await context.stdout.write(asItStands(text));
    }
    await context.stdout.write(asItStands(writer.end()));
    return hasMore;
  } finally {
    await reversal.close();
  }
}
