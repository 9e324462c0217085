import { randomUUID } from 'node:crypto';
import { joinDatabase } from '../../db/open/join-database.js';
import { openingCreditIn } from '../features/accounts/opening-credit.js';
import { type Registration, registerUser } from '../features/accounts/register-user.js';
import type { UserJson } from '../features/accounts/wire.js';
import { type QuoteRequest, quoteAt } from '../features/conversion/converter.js';
import { type Caller, decision } from '../ledger/rule.js';
import type { RateTable } from '../money/rate-table.js';
import type { Settings } from '../settings.js';
import { closeAfter } from './closing.js';
import { openTemporaryLedger } from './temporary-ledger.js';
import { openTemporaryTime } from './temporary-time.js';

export type NewAdministrator = Pick<
  Registration,
  'username' | 'email' | 'passwordHash' | 'currency' | 'oneTimeForMicros'
>;

interface Circumstances {
  /** The timestamp service that did not answer, where one was started for the moment. */
  readonly missed: string | undefined;
  /** The copy that was kept of the database as it was, where it had to be brought up to date. */
  readonly copy: string | undefined;
}

export type Made = Circumstances &
  ({ readonly user: UserJson } | { readonly refusal: { readonly code: string; readonly detail: string } });

/**
 * Registers an administrator from the server's own machine, beside a running server or without one; then it makes the
 * database where there is none, with these rates. Throws DatabaseProblem.
 */
export function makeAdministrator(
  settings: Settings,
  rates: RateTable,
  wanted: NewAdministrator,
): Promise<Made> {
  const { openingCredit } = settings;
  return closeAfter(async (closing) => {
    const joined = await joinDatabase(settings.databasePath);
    closing.add(() => joined.leave());
    const { askTime, missed } = await openTemporaryTime(settings, closing);
    const ledger = await openTemporaryLedger(joined.file, { askTime, rates }, closing);
    const converter = async (request: QuoteRequest) => quoteAt(ledger.rates, request);
    const input: Registration = {
      ...wanted,
      displayName: null,
      role: 'admin',
      openingCredit: await openingCreditIn({ converter, openingCredit }, wanted.currency),
    };
    const caller: Caller = { userId: null, isPerson: true, address: 'local', requestId: randomUUID() };
    const { status, json } = await ledger.decide(decision(registerUser, { input, caller }));
    const body = JSON.parse(json);
    const circumstances = { missed, copy: joined.copy };
    return status === 201 ? { ...circumstances, user: body } : { ...circumstances, refusal: body };
  });
}
