import { openPayouts } from '../payouts/earlier/journal.js';
import { openBills } from '../requests/bills.js';
import type { Unsettled } from '../settling/journal.js';
import type { Payer } from '../settling/payer.js';
import { openActs } from '../settling/pending.js';

/** The journals of all nouns: what moves money, bills, files of payouts. */
const journals = [openActs, openBills, openPayouts];

/** Everything of this account that was begun and has no known outcome yet, and what cannot be read of that. */
export async function listUnsettled(folder: string, payer: Payer): Promise<readonly Unsettled[]> {
  const lists = await Promise.all(journals.map((open) => open(folder).unsettled(payer)));
  return lists.flat();
}
