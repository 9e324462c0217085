import { firstPaymentsSince } from '../../../db/first-payment-since.js';
import type { UserRow } from '../../../db/tables/users.js';
import { timeText } from '../../clock.js';
import { exchangeAccountId, issuanceAccountId } from '../../ledger/system-accounts.js';
import { readAccount } from '../accounts/user-store.js';
import { findFirstPayment } from './all-summary-store.js';
import { readBalances } from './balance-store.js';
import { readNow, readSteps, spanOf } from './span.js';
import type { SummaryParts } from './summarise.js';
import { type BalancesQuery, momentOf } from './summary-query.js';
import { type AllBalancesJson, type BalancesJson, money } from './wire.js';

/** The moments of which balances are wanted, newest first, each with the number of the first payment that is no older. */
interface Moments {
  readonly moments: readonly { readonly at: number; readonly payment: number }[];
  readonly more: boolean;
}

async function momentsOf(
  { readers, machineMicros }: SummaryParts,
  { at, since, until, step = 'day', tz }: BalancesQuery,
  beginMicros: number | undefined,
): Promise<Moments> {
  const now = await readNow(readers, machineMicros);
  if (at !== undefined) {
    const moment = momentOf(at, now);
    const [payment = 0] = await firstPaymentsSince(readers, [moment]);
    return { moments: [{ at: moment, payment }], more: false };
  }
  const span = spanOf({ since, until }, beginMicros ?? now, now);
  const { steps, hasMore } = await readSteps(readers, span, { step, timeZone: tz });
  return {
    moments: steps.map(({ untilMicros, next }) => ({ at: untilMicros, payment: next })),
    more: hasMore,
  };
}

const paymentsOf = ({ moments }: Moments) => moments.map(({ payment }) => payment);

/** The balances of one user at the end of each step, or at one moment. */
export async function balancesOf(
  parts: SummaryParts,
  user: UserRow,
  query: BalancesQuery,
): Promise<BalancesJson> {
  const account = await readAccount(parts.readers, user.id);
  const found = await momentsOf(parts, query, user.created_at);
  const balances = await readBalances(parts.readers, account.id, paymentsOf(found));
  return {
    data: found.moments.map(({ at }, place) => ({
      at: timeText(at),
      balance: money(balances[place] ?? 0, account.currency),
    })),
    more: found.more,
  };
}

/**
 * The balances of all users together in a currency, and what was issued. In every currency all accounts sum to zero at any
 * time, so that both are read off the two accounts of the system.
 */
export async function balancesOfAll(
  parts: SummaryParts,
  query: BalancesQuery,
  currency: string,
): Promise<AllBalancesJson> {
  const { readers } = parts;
  const found = await momentsOf(parts, query, await findFirstPayment(readers));
  const [issuance, exchange] = await Promise.all(
    [issuanceAccountId(currency), exchangeAccountId(currency)].map((id) =>
      readBalances(readers, id, paymentsOf(found)),
    ),
  );
  return {
    data: found.moments.map(({ at }, place) => {
      const issued = -BigInt(issuance?.[place] ?? 0);
      const held = issued - BigInt(exchange?.[place] ?? 0);
      return { at: timeText(at), balance: money(held, currency), issued: money(issued, currency) };
    }),
    more: found.more,
  };
}
