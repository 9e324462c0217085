import { DatabaseProblem } from '../../../db/files/database-problem.js';
import { inspectSchema, isSignOfDamage, storageProblem } from '../../../db/open/inspect.js';
import { integrityProblems, referenceProblems } from '../../../db/open/integrity.js';
import { schemaProblems } from '../../../db/open/schema.js';
import { openSnapshot, type Snapshot } from '../../../db/open/snapshot.js';
import { pendingIn } from '../../../db/postgres/open/inspect-books.js';
import { isPostgres } from '../../../db/postgres/place.js';
import type { RatesRow } from '../../../db/tables/payments.js';
import { useRates } from '../conversion/rates-store.js';
import { checkBalances, checkOwners, readAccounts } from './check-accounts.js';
import { checkAudit } from './check-audit.js';
import { checkCredentials } from './check-credentials.js';
import { checkEvents } from './check-events.js';
import { checkFigures } from './check-figures.js';
import { checkPayments } from './check-payments.js';
import { checkKeys, checkPaidRequests, checkRefunds } from './check-ties.js';
import { checkUsers } from './check-users.js';
import { AuditedFigures } from './faults/audited-figures.js';
import { AuditedUsers } from './faults/audited-users.js';
import { Problems } from './faults/problems.js';
import type { BooksJson, CurrencyBooksJson } from './wire.js';

export interface CheckOptions {
  /** Told now and then how far the check is, from 0 to 1. */
  readonly onProgress?: (fraction: number) => void;
  /** Ends the check: it rejects with the reason of the signal. */
  readonly signal?: AbortSignal;
  /** Whether two threads may read the database at a time. */
  readonly isAlone?: boolean;
  /** Whether this process has the database open already. */
  readonly isInUseHere?: boolean;
}

/** How much of the time the rows take; the rest is SQLite's own check. */
const shareOfRows = 0.7;

interface Check {
  readonly place: string;
  readonly problems: Problems;
  readonly signal: AbortSignal | undefined;
}

/** The reason of an error of SQLite, without the statement that knex puts before it. */
const reasonOf = (error: unknown) => (error as Error).message.split(' - ').at(-1);

/** One step of the check. Where SQLite cannot read what the step needs, that is a problem like others. */
async function step(check: Check, what: string, work: () => Promise<void>): Promise<void> {
  check.signal?.throwIfAborted();
  try {
    await work();
  } catch (error) {
    check.signal?.throwIfAborted();
    if (!isSignOfDamage(error)) {
      throw storageProblem(check.place, error);
    }
    check.problems.add(`${what} cannot be read: ${reasonOf(error)}`);
  }
}

/** The tables whose references are looked at row by row where they are followed. */
const followedTables = ['payments', 'entries', 'events', 'idempotency_keys'];

/** The file as such: its structure, its schema, and what its rows say of each other by key. */
async function checkFile(check: Check, snapshot: Snapshot): Promise<void> {
  const { problems } = check;
  await step(check, 'the schema', async () => problems.addAll(await schemaProblems(snapshot), 'schema:'));
  await step(check, 'the file', async () => problems.addAll(await integrityProblems(snapshot), 'file:'));
  await step(check, 'the references', async () =>
    problems.addAll(await referenceProblems(snapshot, followedTables)),
  );
  await step(check, 'the idempotency keys', () => checkKeys(snapshot, problems));
  await step(check, 'the events', () => checkEvents(snapshot, problems));
}

interface Counts {
  readonly payments: number;
  readonly entries: number;
  readonly audit: number;
}

const countRows = async (snapshot: Snapshot): Promise<Counts> => {
  const [counts] = await snapshot.raw<Counts>(
    'select (select count(*) from payments) as payments, (select count(*) from entries) as entries, (select count(*) from audit) as audit',
  );
  return counts ?? { payments: 0, entries: 0, audit: 0 };
};

interface RowsChecked {
  counts: Counts;
  currencies: CurrencyBooksJson[];
}

/** Checks what the rows say of money and of acts. */
async function checkRows(
  check: Check,
  snapshot: Snapshot,
  onShare: (share: number) => void,
): Promise<RowsChecked> {
  const { problems, signal } = check;
  const checked: RowsChecked = { counts: { payments: 0, entries: 0, audit: 0 }, currencies: [] };
  let seen = 0;
  const onPage = (rows: number) => {
    signal?.throwIfAborted();
    seen += rows;
    const { payments, entries, audit } = checked.counts;
    onShare(Math.min(1, seen / Math.max(1, payments + entries + audit)));
  };
  await step(check, 'the payments', async () => {
    checked.counts = await countRows(snapshot);
    await useBooksCurrencies(snapshot);
    const accounts = await readAccounts(snapshot);
    await checkPayments(snapshot, { accounts, entries: checked.counts.entries }, problems, onPage);
    checked.currencies = checkBalances(accounts, problems);
  });
  await step(check, 'the accounts', () => checkOwners(snapshot, problems));
  await step(check, 'the refunds', () => checkRefunds(snapshot, problems));
  await step(check, 'the requests', () => checkPaidRequests(snapshot, problems));
  const auditedUsers = new AuditedUsers();
  const auditedFigures = new AuditedFigures();
  await step(check, 'the audit trail', () =>
    checkAudit(snapshot, problems, [auditedUsers, auditedFigures], onPage),
  );
  await step(check, 'the users', () => checkUsers(snapshot, auditedUsers, problems));
  await step(check, 'the credentials', () => checkCredentials(snapshot, problems));
  await step(check, 'the limits', () => checkFigures(snapshot, auditedFigures, problems));
  return checked;
}

/** The check knows the currencies of the books that it checks. */
async function useBooksCurrencies(snapshot: Snapshot): Promise<void> {
  const [newest] = await snapshot.raw<RatesRow>('select * from rates order by id desc limit 1');
  if (newest) {
    useRates(newest);
  }
}

async function pendingOf(snapshot: Snapshot): Promise<readonly string[]> {
  const { place, file } = snapshot;
  try {
    return isPostgres(place) ? await pendingIn(snapshot, place) : await inspectSchema(snapshot, file);
  } catch (error) {
    throw storageProblem(place, error);
  }
}

async function refusePending(snapshot: Snapshot): Promise<void> {
  const pending = await pendingOf(snapshot);
  if (pending.length > 0) {
    throw new DatabaseProblem(
      `${snapshot.file} was made by an older version of pay and has yet to be brought up to date (${pending.join(', ')}). ` +
        'Bring it up to date with pay-server migrate, or start the server on it once, then check it again; or check it with the version that made it.',
    );
  }
}

/** What is under way has to end before the database can be closed, also where the other half has failed. */
async function bothOrNeither<One, Other>(one: Promise<One>, other: Promise<Other>): Promise<[One, Other]> {
  await Promise.allSettled([one, other]);
  return [await one, await other];
}

async function checkSnapshots(
  [snapshot, other]: readonly [Snapshot, Snapshot],
  { onProgress = () => {}, signal }: CheckOptions,
): Promise<BooksJson> {
  await refusePending(snapshot);
  const check = { place: snapshot.place, problems: new Problems(), signal };
  const done = { rows: 0, file: 0 };
  const tell = (news: Partial<typeof done>) => {
    Object.assign(done, news);
    onProgress(shareOfRows * done.rows + (1 - shareOfRows) * done.file);
  };
  const checkingRows = () => checkRows(check, snapshot, (rows) => tell({ rows }));
  const checkingFile = () => checkFile(check, other).then(() => tell({ file: 1 }));
  const [checked] =
    snapshot === other
      ? [await checkingRows(), await checkingFile()]
      : await bothOrNeither(checkingRows(), checkingFile());
  const { counts, currencies } = checked;
  const { sentences, count } = check.problems;
  return {
    balanced: count === 0,
    payments: counts.payments,
    entries: counts.entries,
    currencies,
    problems: [...sentences],
    problemCount: count,
  };
}

/** Opens the database for as many threads as may read it: twice, or once for both. */
async function openSnapshots(
  path: string,
  { isAlone = true, isInUseHere = false }: CheckOptions,
): Promise<readonly [Snapshot, Snapshot]> {
  const snapshot = await openSnapshot(path, { isInUseHere });
  try {
    return [snapshot, isAlone ? await openSnapshot(path, { isInUseHere: true }) : snapshot];
  } catch (error) {
    await snapshot.close();
    throw error;
  }
}

/**
 * Checks the books that a database file holds, as of one moment, without changing anything: beside a running server too.
 * Throws DatabaseProblem, which says what to do, for a file that is not there, not ours, of another version, or that cannot
 * be read now; whatever else is wrong with it is among the problems.
 */
export async function checkDatabaseFile(path: string, options: CheckOptions = {}): Promise<BooksJson> {
  const { signal } = options;
  signal?.throwIfAborted();
  const [snapshot, other] = await openSnapshots(path, options);
  const interrupt = () => {
    snapshot.interrupt();
    other.interrupt();
  };
  signal?.addEventListener('abort', interrupt);
  try {
    return await checkSnapshots([snapshot, other], options);
  } finally {
    signal?.removeEventListener('abort', interrupt);
    // The first may be the one that takes the log away again that it had to make: it is closed last.
    if (other !== snapshot) {
      await other.close();
    }
    await snapshot.close();
  }
}
