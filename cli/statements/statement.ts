import type { PaymentJson } from '../../server/features/payments/wire.js';
import type { BalancesJson, SummaryJson } from '../../server/features/summaries/wire.js';
import { formatAmount } from '../../server/money/format.js';
import type { MoneyJson } from '../../server/money/wire.js';
import { Failure } from '../failure/failure.js';

/** A payment as either its parties or an administrator see it. */
export type AnyPayment = Omit<PaymentJson, 'direction' | 'balanceAfter'>;

/** The holder of the account that a statement is of, and when the account was made. */
export interface Holder {
  readonly username: string;
  readonly displayName: string | null;
  readonly currency: string;
  readonly createdAt: string;
}

export interface Movement {
  readonly payment: AnyPayment;
  readonly isSent: boolean;
  readonly own: MoneyJson;
  /** The username on the other side; null where it is the system. */
  readonly counterparty: string | null;
  readonly balance: MoneyJson;
}

export interface Statement {
  readonly holder: Holder;
  readonly server: string;
  readonly tz: string;
  readonly since: string;
  /** The end of the period, exclusive; now, where it is not over. */
  readonly until: string;
  readonly opening: MoneyJson;
  readonly closing: MoneyJson;
  /** The movements of the period, oldest first. */
  readonly movements: readonly Movement[];
  readonly byCounterparty: SummaryJson;
  readonly byKind: SummaryJson;
  /** The balance at the end of each step, oldest first. */
  readonly balances: BalancesJson['data'];
}

interface Span {
  readonly since: string;
  readonly until: string;
}

/** The source of a statement: of one's own, or of somebody's for an administrator. */
export interface StatementSource {
  readonly holder: Holder;
  readonly server: string;
  readonly tz: string;
  balanceAt(at: string): Promise<BalancesJson['data'][number]>;
  balances(span: Span, step: 'day' | 'week' | 'month'): Promise<BalancesJson>;
  summary(span: Span, by: 'counterparty' | 'kind'): Promise<SummaryJson>;
  /** The payments of a span, newest first, and whether there are more than so many. */
  payments(span: Span, most: number): Promise<{ items: readonly AnyPayment[]; hasMore: boolean }>;
}

/** The most movements of a statement: more would be no paper that anybody reads. */
const mostMovements = 10_000;

const dayMs = 24 * 3_600_000;

function stepFor({ since, until }: Span): 'day' | 'week' | 'month' {
  const days = (Date.parse(until) - Date.parse(since)) / dayMs;
  return days < 398 ? 'day' : days < 398 * 7 ? 'week' : 'month';
}

const minorOf = ({ amount }: MoneyJson) => BigInt(amount.replace('.', ''));

/** The movements with the balance after each, from the opening balance on. */
function follow({ username }: Holder, opening: MoneyJson, payments: readonly AnyPayment[]): Movement[] {
  const digits = opening.amount.split('.')[1]?.length ?? 0;
  let minor = minorOf(opening);
  return payments.map((payment) => {
    const isSent = payment.from === username;
    const own = isSent ? payment.sent : payment.received;
    minor += isSent ? -minorOf(own) : minorOf(own);
    return {
      ...{ payment, isSent, own, counterparty: isSent ? payment.to : payment.from },
      balance: { amount: formatAmount(minor, { digits }), currency: opening.currency },
    };
  });
}

/**
 * The statement of a period: what there was, every movement, what they come to, and what was left, which is the ledger's own
 * figure at the end. @throws Failure
 */
export async function makeStatement(source: StatementSource, wanted: Span): Promise<Statement> {
  const [{ balance: opening }, { at: until, balance: closing }] = await Promise.all([
    source.balanceAt(wanted.since),
    source.balanceAt(wanted.until),
  ]);
  const span = { since: wanted.since, until };
  const [{ items, hasMore }, byCounterparty, byKind, { data }] = await Promise.all([
    source.payments(span, mostMovements),
    source.summary(span, 'counterparty'),
    source.summary(span, 'kind'),
    source.balances(span, stepFor(span)),
  ]);
  if (hasMore) {
    throw new Failure('usage', `More than ${mostMovements} payments lie in this period.`, {
      next: ['Name a shorter one', 'Or take them all as a file: pay history --format csv'],
    });
  }
  const movements = follow(source.holder, opening, items.toReversed());
  const left = movements.at(-1)?.balance ?? opening;
  if (left.amount !== closing.amount) {
    throw new Failure(
      'refused',
      `The payments leave ${left.amount} where the ledger says ${closing.amount}: there is no statement of that.`,
      { next: ['Tell an administrator, who checks the books: pay admin books'] },
    );
  }
  return {
    ...{ holder: source.holder, server: source.server, tz: source.tz, ...span },
    ...{ opening, closing, movements, byCounterparty, byKind, balances: data.toReversed() },
  };
}

/** A statement as programs read it. */
export const statementJson = ({ holder, movements, ...statement }: Statement) => ({
  username: holder.username,
  currency: holder.currency,
  ...statement,
  movements: movements.map(({ payment, balance, isSent }) => ({
    ...payment,
    ...{ direction: isSent ? 'sent' : 'received', balanceAfter: balance },
  })),
});
