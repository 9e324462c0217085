/** What SQLSTATE says where PostgreSQL was not reached, or went away before it had answered. */
export const connectionLost = 'LOST';

/** What SQLSTATE says where a lock was waited for in vain. */
export const lockNotAvailable = '55P03';

/** Our own: raised by the function that writes batches. */
export const movedState = 'PAY01';
export const missingRowState = 'PAY02';

type Fault = 'busy' | 'full' | 'constraint' | 'moved' | 'conflict' | 'lost' | 'broken';

const states: Readonly<Record<string, Fault>> = {
  [connectionLost]: 'lost',
  [movedState]: 'moved',
  [missingRowState]: 'constraint',
  // serialization_failure, deadlock_detected: the database has undone it, and wants it tried again.
  '40001': 'conflict',
  '40P01': 'conflict',
  // query_canceled: a lock was waited for too long.
  [lockNotAvailable]: 'busy',
  '57014': 'busy',
  // disk_full
  '53100': 'full',
  // admin_shutdown, crash_shutdown, cannot_connect_now, too_many_connections; read_only_sql_transaction is what a standby says.
  '57P01': 'lost',
  '57P02': 'lost',
  '57P03': 'lost',
  '53300': 'lost',
  '25006': 'lost',
  // idle_in_transaction_session_timeout, transaction_timeout, idle_session_timeout: whoever stood still for so long has lost its connection.
  '25P03': 'lost',
  '25P04': 'lost',
  '57P05': 'lost',
  // raise_exception: one of our triggers.
  P0001: 'constraint',
};

/** By the class of a SQLSTATE, its first two characters. */
const classes: Readonly<Record<string, Fault>> = {
  '08': 'lost',
  '22': 'constraint',
  '23': 'constraint',
  // A statement that PostgreSQL cannot run is a mistake of ours, and costs the decision that needs it, no more.
  '0A': 'constraint',
  '42': 'constraint',
  '54': 'constraint',
};

const faultOfState = (code: string): Fault => states[code] ?? classes[code.slice(0, 2)] ?? 'broken';

/** What went wrong with PostgreSQL, by its SQLSTATE. */
export class PostgresError extends Error {
  override readonly name = 'PostgresError';
  readonly code: string;
  /** What went wrong, in the words of PostgreSQL or of the connection: knex puts the statement before the message. */
  readonly reason: string;
  /** Whether a statement had been sent, so that it may have been carried out. */
  readonly wasSent: boolean;
  /** Whether it passes by itself: the database does not answer, or takes nobody more. */
  readonly isOutage: boolean;
  /** Whether somebody else has held a lock for too long. */
  readonly isBusy: boolean;

  constructor(cause: Error, wasSent: boolean) {
    super(cause.message, { cause });
    this.reason = cause.message;
    const { code, severity } = cause as { code?: unknown; severity?: unknown };
    // Only what the database itself says has a severity; all else is of the connection.
    this.code = severity === undefined ? connectionLost : String(code);
    this.wasSent = wasSent;
    const fault = faultOfState(this.code);
    this.isOutage = fault === 'lost';
    this.isBusy = fault === 'busy';
  }
}

/** What an error of PostgreSQL means for a transaction; undefined for any other error. */
export function postgresFault(error: unknown): { fault: Fault; error: PostgresError } | undefined {
  return error instanceof PostgresError ? { fault: faultOfState(error.code), error } : undefined;
}
