import { openPayoutJournal } from '../payouts/journal.js';
import { openBills } from '../requests/bills.js';
import type { Payer } from '../settling/payer.js';
import { openJournal } from '../settling/pending.js';
import { shellCommand } from '../terminal/shell-quote.js';

/** What was begun and has no known outcome yet. */
export interface Unsettled {
  /** A sentence. */
  readonly text: string;
  /** The command line that settles it. */
  readonly settle: string;
}

/**
 * Everything of this account that is unsettled: what moves money, bills that not everybody was asked for, files that not
 * everybody in was paid. */
export async function listUnsettled(folder: string, { server, user }: Payer): Promise<readonly Unsettled[]> {
  const isOwn = (one: { readonly server: string; readonly user: string }) =>
    one.server === server && one.user === user;
  const acts = (await openJournal(folder).list()).filter(isOwn);
  const bills = (await openBills(folder).list()).filter(isOwn);
  const files = (await openPayoutJournal(folder).list()).filter(isOwn);
  return [
    ...acts.map((act) => ({
      text: `It is not known whether ${act.outcome}.`,
      settle: shellCommand(act.command),
    })),
    ...bills.map(({ shares, command }) => ({
      text: `It is not known whether ${shares.map(({ body }) => body.from).join(', ')} ${shares.length === 1 ? 'was' : 'were all'} asked for money.`,
      settle: shellCommand(command),
    })),
    ...files
      .filter(({ finishedAt }) => finishedAt === null)
      .map(({ path, command }) => ({
        text: `The file ${path} was not paid out to its end.`,
        settle: shellCommand(command),
      })),
  ];
}
