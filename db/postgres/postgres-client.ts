import assert from 'node:assert/strict';
import PostgresTransaction from 'knex/lib/dialects/postgres/execution/pg-transaction.js';
import PostgresDialect from 'knex/lib/dialects/postgres/index.js';
import type { Client, QueryConfig, QueryResult } from 'pg';
import { TookTooLong } from '../sqlite/took-too-long.js';
import { PostgresError } from './postgres-error.js';

/** `make` is for whoever makes the schema or inspects the database; only `write` takes the lock of the books. */
export type PostgresMode = 'write' | 'read' | 'make';

interface PostgresSettings {
  readonly connectionString: string;
  readonly mode: PostgresMode;
  /** How long a statement may take; without it there is no such bound. */
  readonly deadlineMs?: number | undefined;
}

/** A query as knex hands it to its dialect, and as it wants it back. */
interface PostgresQuery {
  readonly sql: string;
  readonly bindings?: readonly unknown[];
  readonly method?: string;
  readonly output?: unknown;
  response?: unknown;
}

/** A connection with the names of the statements that it keeps prepared, by their texts. */
type Connection = Client & {
  /** None of who makes the schema, in several statements at once. */
  readonly statementNames: Map<string, string> | undefined;
  __knex__disposed?: unknown;
};

const connectTimeoutMs = 10_000;
/** How long a lock is waited for, as SQLite's busy timeout says. */
const lockTimeoutMs = 5_000;
/** Whoever stops in the middle of a transaction must not keep the others waiting for ever. */
const idleInTransactionTimeoutMs = 60_000;
/** The SQLSTATE of a statement that took longer than it may. */
const queryCanceled = '57014';
/** Ours have constant texts, and there are fewer. */
const mostPrepared = 128;

// The statements are made for their indexes, and a plan from when a table was small is kept while it grows. What is avoided
// counts as dear beyond measure, and to compile what is dear takes many times as long as to run it.
const byIndex =
  'set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off; set jit = off;';

const settingsOf: Readonly<Record<PostgresMode, string>> = {
  write: `${byIndex} set lock_timeout = ${lockTimeoutMs}; set idle_in_transaction_session_timeout = ${idleInTransactionTimeoutMs};`,
  read: `set enable_seqscan = off; set jit = off; set default_transaction_read_only = on; set lock_timeout = ${lockTimeoutMs};`,
  make: `set lock_timeout = ${lockTimeoutMs};`,
};

/** The object identifiers of PostgreSQL's own types are the same in every database. */
const int8 = 20;
const numeric = 1700;

/** A whole number without loss: all that the books hold is within the safe integers, and so are sums of it. */
function wholeNumber(text: string): number {
  const value = Number(text);
  assert(Number.isSafeInteger(value), `${text} is not a safe integer.`);
  return value;
}

/** The row that all writers lock before they read what they decide over, so that there is one at a time. */
const lockBooks = "select position from chain_heads where name = 'commits' and chain = 0 for update";

/** What is read as soon as a transaction has the books, and is told what was found, at each try of it. */
export interface Opening {
  readonly sql: string;
  take(rows: readonly unknown[]): void;
}

/** Has the books for itself from its beginning on. */
class LockingTransaction extends PostgresTransaction {
  readonly #opening: Opening | undefined;

  constructor(client: unknown, container: unknown, config: unknown, outerTransaction: unknown) {
    super(client, container, config, outerTransaction);
    this.#opening = (config as { readonly opening?: Opening } | undefined)?.opening;
  }

  override async begin(connection: unknown): Promise<void> {
    const { trxClient } = this;
    // In one trip: whoever waits for the books waits for every trip of who has them.
    const statements = ['begin', lockBooks, ...(this.#opening ? [this.#opening.sql] : [])];
    try {
      const { response } = await trxClient.query(connection, statements.join('; '));
      this.#opening?.take((response as readonly QueryResult[]).at(-1)?.rows ?? []);
    } catch (error) {
      // The lock was not to be had, but the transaction has begun: whoever comes next would find it failed.
      await trxClient.query(connection, 'rollback').catch(() => {});
      throw error;
    }
  }
}

function nameOf({ statementNames }: Connection, { sql, method }: PostgresQuery): string | undefined {
  // What knex puts together for a list has many texts, and a plan of its own each time.
  if (method !== 'raw' || statementNames === undefined) {
    return undefined;
  }
  const known = statementNames.get(sql);
  if (known !== undefined || statementNames.size >= mostPrepared) {
    return known;
  }
  const name = `pay_${statementNames.size}`;
  statementNames.set(sql, name);
  return name;
}

/** knex's PostgreSQL dialect with our settings on every connection, rows as SQLite gives them, and errors that say what they mean. */
export class PostgresClient extends PostgresDialect {
  declare readonly driver: { readonly Client: new (settings: object) => Client };

  async _query(connection: Connection, query: PostgresQuery): Promise<PostgresQuery> {
    if (!query.sql) {
      throw new Error('The query is empty.');
    }
    const name = nameOf(connection, query);
    const config: QueryConfig = { text: query.sql, values: [...(query.bindings ?? [])] };
    try {
      query.response = await connection.query(name === undefined ? config : { ...config, name });
    } catch (error) {
      const failure = new PostgresError(error as Error, true);
      const { deadlineMs } = this.connectionSettings as PostgresSettings;
      if (deadlineMs !== undefined && failure.code === queryCanceled) {
        throw new TookTooLong(deadlineMs, failure);
      }
      if (failure.isOutage) {
        // Its end may not have been heard of yet: whoever comes next gets another.
        connection.__knex__disposed = failure;
      }
      throw failure;
    }
    return query;
  }

  override processResponse(query: PostgresQuery, runner: unknown): unknown {
    return query.method === 'raw' && query.output === undefined
      ? (query.response as QueryResult).rows
      : super.processResponse(query, runner);
  }

  override async acquireRawConnection(): Promise<Connection> {
    const { connectionString, mode, deadlineMs } = this.connectionSettings as PostgresSettings;
    const client = new this.driver.Client({
      connectionString,
      application_name: 'pay-server',
      connectionTimeoutMillis: connectTimeoutMs,
      keepAlive: true,
    });
    const connection: Connection = Object.assign(client, {
      statementNames: mode === 'make' ? undefined : new Map<string, string>(),
    });
    const dispose = (error?: Error) => {
      connection.__knex__disposed = error ?? new Error('The connection has ended.');
    };
    connection.on('error', dispose);
    connection.on('end', () => dispose());
    connection.setTypeParser(int8, wholeNumber);
    connection.setTypeParser(numeric, wholeNumber);
    try {
      await connection.connect();
      await connection.query(`${settingsOf[mode]} set statement_timeout = ${deadlineMs ?? 0};`);
      return connection;
    } catch (error) {
      await connection.end().catch(() => {});
      throw new PostgresError(error as Error, false);
    }
  }

  override async destroyRawConnection(connection: Connection): Promise<void> {
    await connection.end();
  }

  override validateConnection(connection: Connection): boolean {
    return connection.__knex__disposed === undefined;
  }

  override transaction(container: unknown, config: unknown, outerTransaction: unknown): unknown {
    const { mode } = this.connectionSettings as PostgresSettings;
    return mode === 'write'
      ? new LockingTransaction(this, container, config, outerTransaction)
      : super.transaction(container, config, outerTransaction);
  }
}
