import assert from 'node:assert/strict';
import type { Client } from 'pg';
import type { Host } from './cluster/hosts.js';

/** A connection with the names of the statements that it keeps prepared, by their texts. */
export type Connection = Client & {
  /** None of who makes the schema, in several statements at once. */
  readonly statementNames: Map<string, string> | undefined;
  /** Which of several servers it is to. */
  serverHost?: Host;
  /** Whether it was told of a commit that no standby may have, since somebody has ended the waiting for one. */
  hasLocalCommit?: boolean;
  /** The names of what was prepared by statements of their own. */
  readonly prepared: Set<string>;
  /** Why it is of no use any more. */
  __knex__disposed?: Error;
};

type MakeClient = (settings: object) => Connection;

/** The pause before the system asks whether the other end of an idle connection is there; it gives up ten seconds later. */
const keepAliveMs = 5_000;
/** The function of PostgreSQL that warns of a commit which was not waited for; the text of the warning has many languages. */
const waitForStandby = 'SyncRepWaitForLSN';

/** The object identifiers of PostgreSQL's own types are the same in every database. */
const int8 = 20;
const numeric = 1700;

/** A whole number without loss: all that the books hold is within the safe integers, and so are sums of it. */
function wholeNumber(text: string): number {
  const value = Number(text);
  assert(Number.isSafeInteger(value), `${text} is not a safe integer.`);
  return value;
}

/** Opens a connection to one server, with nothing set yet. */
export async function openConnection(make: MakeClient, url: string, timeoutMs: number): Promise<Connection> {
  const connection: Connection = make({
    connectionString: url,
    application_name: 'pay-server',
    connectionTimeoutMillis: timeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveMs,
  });
  // The first to say so knows why: what comes after it is of a connection that has ended.
  const dispose = (error?: Error) => {
    connection.__knex__disposed ??= error ?? new Error('The connection has ended.');
  };
  connection.on('error', dispose);
  connection.on('end', () => dispose());
  connection.on('notice', ({ routine }) => {
    connection.hasLocalCommit ||= routine === waitForStandby;
  });
  connection.setTypeParser(int8, wholeNumber);
  connection.setTypeParser(numeric, wholeNumber);
  try {
    await connection.connect();
    return connection;
  } catch (error) {
    await connection.end().catch(() => {});
    throw error;
  }
}
