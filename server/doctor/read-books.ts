import { damageProblem, inspectGuards, inspectSchema } from '../../db/open/inspect.js';
import { openSnapshot, type Snapshot } from '../../db/open/snapshot.js';
import { inspectTriggers, pendingIn } from '../../db/postgres/open/inspect-books.js';
import { postgresProblem } from '../../db/postgres/open/postgres-problem.js';
import { isPostgres } from '../../db/postgres/place.js';

/** The facts that the database tells of itself at one moment. */
export interface BookFacts {
  readonly applied: readonly string[];
  readonly pending: readonly string[];
  readonly payments: number;
  /** The time of the first payment, in microseconds since 1970; zero before it. */
  readonly firstPaymentMicros: number;
  readonly newestPaymentMicros: number;
  /** The further facts; those that an older schema does not have are not known. */
  readonly more: MoreFacts | undefined;
}

interface MoreFacts {
  readonly rates: { readonly as_of: string; readonly source: string } | undefined;
  /** How many second factors are on, by the name of the key that their secrets are sealed with. */
  readonly sealed: readonly { readonly name: string; readonly count: number }[];
}

const paymentsSql = `
  select (select coalesce(sum(position), 0) from chain_heads where name = 'payments') as payments,
    (select "at" from chain_heads where name = 'payments' order by "at" desc limit 1) as newest,
    (select created_at from payments order by id limit 1) as first`;

const ratesSql = 'select as_of, source from rates order by id desc limit 1';

const sealedSql = `
  select substr(secret, 1, 8) as name, count(*) as count from second_factors where status = 'on' group by substr(secret, 1, 8)`;

async function readMore(snapshot: Snapshot): Promise<MoreFacts> {
  const [rates] = await snapshot.raw<{ as_of: string; source: string }>(ratesSql);
  const sealed = await snapshot.raw<{ name: string; count: number }>(sealedSql);
  return { rates, sealed: sealed.map(({ name, count }) => ({ name, count: Number(count) })) };
}

/** The migrations that the database needs. Throws DatabaseProblem where it is not as a server could use it. */
async function inspect(snapshot: Snapshot): Promise<readonly string[]> {
  const { place } = snapshot;
  if (isPostgres(place)) {
    const pending = await pendingIn(snapshot, place);
    await inspectTriggers(snapshot, place, pending);
    return pending;
  }
  const pending = await inspectSchema(snapshot, place);
  await inspectGuards(snapshot, place, pending);
  return pending;
}

async function readFacts(snapshot: Snapshot): Promise<BookFacts> {
  const pending = await inspect(snapshot);
  const applied = await snapshot.raw<{ name: string }>('select name from migrations order by id');
  const [figures] = await snapshot.raw<{ payments: number; newest: number | null; first: number | null }>(
    paymentsSql,
  );
  return {
    applied: applied.map(({ name }) => name),
    pending,
    payments: Number(figures?.payments),
    firstPaymentMicros: Number(figures?.first ?? 0),
    newestPaymentMicros: Number(figures?.newest ?? 0),
    more: pending.length === 0 ? await readMore(snapshot) : undefined,
  };
}

/** Reads the facts of a database, beside a running server or without one. Throws DatabaseProblem as `openSnapshot` does. */
export async function readBooks(place: string): Promise<BookFacts> {
  const snapshot = await openSnapshot(place);
  try {
    return await readFacts(snapshot);
  } catch (error) {
    throw postgresProblem(place, damageProblem(place, error));
  } finally {
    await snapshot.close();
  }
}
