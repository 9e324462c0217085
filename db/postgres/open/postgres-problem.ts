import { DatabaseProblem } from '../../files/database-problem.js';
import { notWritable } from '../cluster/cluster.js';
import { shownPlace } from '../place.js';
import { connectionLost, lockNotAvailable, PostgresError } from '../postgres-error.js';

/** The reasons for which PostgreSQL lets nobody in: wrong password, no such user, no such database. */
const notLetIn = new Set(['28P01', '28000', '3D000', '42501']);

/** Node's names for a certificate that it does not believe. */
const unbelieved = /CERT|UNABLE_TO_VERIFY/;

/** Why there is no connection, by what the driver and Node say in words of their own. */
function unreached(place: string, { reason, cause }: PostgresError): string {
  if (/client password must be/.test(reason)) {
    return `PostgreSQL at ${place} wants a password, and the URL has none. Give it there, percent-encoded, or as PGPASSWORD, then try again.`;
  }
  if (/does not support SSL/.test(reason)) {
    return `PostgreSQL at ${place} has TLS switched off, and the URL wants it. Switch it on (ssl = on, with a certificate), or name another sslmode in the URL, then try again.`;
  }
  if (unbelieved.test(String((cause as NodeJS.ErrnoException).code))) {
    return `PostgreSQL at ${place} shows a certificate that is not believed (${reason}). Name the certificate of its authority in the URL, ?sslmode=verify-full&sslrootcert=/path/ca.crt, and the host as the certificate does, then try again.`;
  }
  return `PostgreSQL does not answer at ${place} (${reason}). Look whether it runs and whether the URL names it rightly, then try again.`;
}

/** What a command says of a PostgreSQL that it cannot use; any other error as it is. */
export function postgresProblem(url: string, error: unknown): unknown {
  if (!(error instanceof PostgresError)) {
    return error;
  }
  const place = shownPlace(url);
  if (error.code === connectionLost) {
    return new DatabaseProblem(unreached(place, error), { cause: error });
  }
  if (error.code === notWritable) {
    return new DatabaseProblem(
      `${place} cannot be written: ${error.reason}. Promote a standby, or name the primary in the URL, then try again.`,
      { cause: error },
    );
  }
  if (error.code === lockNotAvailable) {
    return new DatabaseProblem(
      `${place} cannot be used now: somebody else holds a lock there (${error.reason}). Find out who (pg_locks, pg_stat_activity) and wait for that to end, or end it, then try again.`,
      { cause: error },
    );
  }
  return new DatabaseProblem(
    notLetIn.has(error.code)
      ? `PostgreSQL at ${place} does not let this user in, or not do what it must (${error.reason}). Give it a database of its own (create database pay owner …), or mend the URL.`
      : `${place} cannot be used now (${error.reason}). Look into the log of PostgreSQL, then try again.`,
    { cause: error },
  );
}
