import type { Database } from '../../../db/connect.js';
import type { SessionRow, TokenRow } from '../../../db/tables/credentials.js';
import { entryKinds } from '../../../db/tables/payments.js';
import type { AccountRow, UserRow } from '../../../db/tables/users.js';
import type { Action } from '../../ledger/record-act.js';
import { findUserByName, readAccount } from '../accounts/user-store.js';
import { findFactor } from '../second-factor/factor-store.js';
import { mostCounted } from './wire.js';

/** How many sessions and tokens are shown of a user. */
const newestShown = 10;

export interface Newest<Row> {
  readonly active: number;
  readonly newest: readonly Row[];
}

/** The summary of one user for administrators; times in microseconds. */
export interface UserSummary {
  readonly user: UserRow;
  readonly account: AccountRow;
  /** The freezing; null for an account that is not frozen; of one that was frozen past the program nobody knows. */
  readonly freezing: {
    readonly at: number;
    readonly by: string | null;
    readonly reason: string | null;
  } | null;
  readonly lastLoginAt: number | null;
  readonly lastPaymentAt: number | null;
  readonly payments: number;
  readonly pendingRequests: { readonly incoming: number; readonly outgoing: number };
  readonly sessions: Newest<SessionRow>;
  readonly tokens: Newest<TokenRow>;
  readonly webhooks: number;
  readonly hasSecondFactor: boolean;
}

async function countOf(query: PromiseLike<readonly { readonly count: number }[]>): Promise<number> {
  const [row] = await query;
  return row?.count ?? 0;
}

async function findFreezing(
  readers: Database,
  { username, status }: UserRow,
): Promise<UserSummary['freezing']> {
  if (status === 'active') {
    return null;
  }
  const act = await readers('audit as a')
    .leftJoin('users as u', 'u.id', 'a.actor_id')
    .where('a.subject', username)
    .where('a.action', 'user.frozen' satisfies Action)
    .orderBy('a.id', 'desc')
    .first({ at: 'a.at', by: 'u.username', reason: 'a.reason' });
  return act ?? null;
}

async function liveCredentials<Row>(
  readers: Database,
  { table, ended }: { readonly table: 'sessions' | 'tokens'; readonly ended: 'ended_at' | 'revoked_at' },
  userId: number,
  now: number,
): Promise<Newest<Row>> {
  const live = () => {
    const query = readers(table).where({ user_id: userId }).whereNull(ended).where('expires_at', '>', now);
    return table === 'sessions' ? query.where('idle_until', '>', now) : query;
  };
  const [active, newest] = await Promise.all([
    countOf(live().count({ count: '*' })),
    live().orderBy('id', 'desc').limit(newestShown).select('*'),
  ]);
  return { active, newest };
}

/** An account's entries of each kind stand together, in order. */
const newestOfKinds = entryKinds
  .map(
    (kind) =>
      `select max(e.payment_id) as id from entries as e where e.account_id = :accountId and e.kind = '${kind}'`,
  )
  .join(' union all ');
const newestOfAccount = `(select max(n.id) from (${newestOfKinds}) as n)`;

async function payments(
  readers: Database,
  accountId: number,
  most: number,
): Promise<Pick<UserSummary, 'payments' | 'lastPaymentAt'>> {
  const [count, last] = await Promise.all([
    countOf(
      readers
        .from(readers('entries').where({ account_id: accountId }).select('payment_id').limit(most).as('some'))
        .count({ count: '*' }),
    ),
    readers('payments').where('id', readers.raw(newestOfAccount, { accountId })).first('created_at'),
  ]);
  return { payments: count, lastPaymentAt: last?.created_at ?? null };
}

async function pendingRequests(readers: Database, userId: number): Promise<UserSummary['pendingRequests']> {
  const pending = (side: 'payer_id' | 'requester_id') =>
    countOf(
      readers('requests')
        .where({ [side]: userId, status: 'pending' })
        .count({ count: '*' }),
    );
  const [incoming, outgoing] = await Promise.all([pending('payer_id'), pending('requester_id')]);
  return { incoming, outgoing };
}

async function findLastLogin(readers: Database, userId: number): Promise<number | null> {
  const [row] = await readers<SessionRow>('sessions')
    .where({ user_id: userId })
    .max<{ at: number | null }[]>({ at: 'created_at' });
  return row?.at ?? null;
}

/**
 * The summary of the user of this name; `now` in microseconds says what has expired. Of more than `mostPayments`, that many are
 * counted.
 */
export async function findUserSummary(
  readers: Database,
  username: string,
  { now, mostPayments = mostCounted }: { readonly now: number; readonly mostPayments?: number },
): Promise<UserSummary | undefined> {
  const user = await findUserByName(readers, username);
  if (!user) {
    return undefined;
  }
  const account = await readAccount(readers, user.id);
  const [freezing, paid, requests, lastLoginAt, sessions, tokens, webhooks, factor] = await Promise.all([
    findFreezing(readers, user),
    payments(readers, account.id, mostPayments),
    pendingRequests(readers, user.id),
    findLastLogin(readers, user.id),
    liveCredentials<SessionRow>(readers, { table: 'sessions', ended: 'ended_at' }, user.id, now),
    liveCredentials<TokenRow>(readers, { table: 'tokens', ended: 'revoked_at' }, user.id, now),
    countOf(readers('webhooks').where({ user_id: user.id, status: 'active' }).count({ count: '*' })),
    findFactor(readers, user.id),
  ]);
  return {
    user,
    account,
    freezing,
    ...paid,
    pendingRequests: requests,
    lastLoginAt,
    sessions,
    tokens,
    webhooks,
    hasSecondFactor: factor?.status === 'on',
  };
}
