import PostgresTransaction from 'knex/lib/dialects/postgres/execution/pg-transaction.js';
import PostgresDialect from 'knex/lib/dialects/postgres/index.js';
import type { Client, QueryConfig, QueryResult } from 'pg';
import { TookTooLong } from '../sqlite/took-too-long.js';
import { Cluster, type Open } from './cluster/cluster.js';
import { type Connection, openConnection } from './connection.js';
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

/** What is known of the servers that a URL names, for all pools of this thread; a process is given one or two. */
const clusters = new Map<string, Cluster<Connection>>();

function clusterOf(url: string): Cluster<Connection> {
  const cluster = clusters.get(url) ?? new Cluster<Connection>(url);
  clusters.set(url, cluster);
  return cluster;
}

/** How long one of several servers may say nothing before it is looked whether another has taken its place. */
const silentMs = 2_000;
/** How long an answer is waited for: a commit waits for its synchronous standby as long as there is none, and a link that is silent never says so. */
const longestAnswerMs = 10_000;
/** What PostgreSQL breaks off itself, at the end of the time that it may take, has this long to say so. */
const cancelMs = 1_000;
/** How long a lock is waited for, as SQLite's busy timeout says. */
const lockTimeoutMs = 5_000;
/** A writer that stands still in the middle of a transaction loses it before those who wait for its lock give up. */
const idleInTransactionTimeoutMs = 4_000;
/** The SQLSTATE of a statement that took longer than it may. */
const queryCanceled = '57014';
/** Most of ours have constant texts, and there are fewer; of those that ask together what came together the first are prepared. */
const mostPrepared = 128;

// The statements are made for their indexes, and a plan from when a table was small is kept while it grows. What is avoided
// counts as dear beyond measure, and to compile what is dear takes many times as long as to run it.
const byIndex =
  'set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off; set jit = off;';

/** A commit is on the disk before it is answered, and on that of the standby where one is synchronous, whatever is set for the database. */
const atLeastOn = `select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') <> 'remote_apply';`;

/**
 * Statements mean the same, and connections last, whatever is set for the role or the database. PostgreSQL 17 and newer end a
 * transaction that takes too long, where that is set.
 */
const asWeMean = `set default_transaction_isolation = 'read committed'; set standard_conforming_strings = on; set array_nulls = on;
  set idle_session_timeout = 0;
  select set_config('transaction_timeout', '0', false) where current_setting('transaction_timeout', true) <> '0';`;

const settingsOf: Readonly<Record<PostgresMode, string>> = {
  write: `${asWeMean} ${byIndex} ${atLeastOn} set lock_timeout = ${lockTimeoutMs}; set idle_in_transaction_session_timeout = ${idleInTransactionTimeoutMs};`,
  read: `${asWeMean} set enable_seqscan = off; set jit = off; set default_transaction_read_only = on; set lock_timeout = ${lockTimeoutMs};`,
  make: `${asWeMean} set lock_timeout = ${lockTimeoutMs}; set idle_in_transaction_session_timeout = 0;`,
};

/** The row that all writers lock before they read what they decide over, so that there is one at a time. */
const lockBooks = "select position from chain_heads where name = 'commits' and chain = 0 for update";

/** What is read as soon as a transaction has the books, and is told what was found, at each try of it. */
export interface Opening {
  /** Prepares the statement, which is done once for each connection, under its name. */
  readonly prepare: string;
  readonly name: string;
  /** Has it carried out, in the same string as what comes before it. */
  readonly execute: string;
  take(rows: readonly unknown[]): void;
}

/** Has the books for itself from its beginning on. */
class LockingTransaction extends PostgresTransaction {
  readonly #opening: Opening | undefined;

  constructor(client: unknown, container: unknown, config: unknown, outerTransaction: unknown) {
    super(client, container, config, outerTransaction);
    this.#opening = (config as { readonly opening?: Opening } | undefined)?.opening;
  }

  override async begin(connection: Connection): Promise<void> {
    const { trxClient } = this;
    const opening = this.#opening;
    const isPrepared = opening === undefined || connection.prepared.has(opening.name);
    // In one trip: whoever waits for the books waits for every trip of who has them.
    const statements = ['begin', lockBooks];
    if (opening) {
      statements.push(...(isPrepared ? [] : [opening.prepare]), opening.execute);
    }
    try {
      const { response } = await trxClient.query(connection, statements.join('; '));
      if (opening) {
        connection.prepared.add(opening.name);
        opening.take((response as readonly QueryResult[]).at(-1)?.rows ?? []);
      }
    } catch (error) {
      // The lock was not to be had, but the transaction has begun: whoever comes next would find it failed.
      await trxClient.query(connection, 'rollback').catch(() => {});
      throw error;
    }
  }
}

/** How long a statement waits for its answer; undefined for whoever makes or inspects, which takes as long as it takes. */
function answerWithinMs({ mode, deadlineMs }: PostgresSettings): number | undefined {
  if (mode === 'make') {
    return undefined;
  }
  return deadlineMs === undefined ? longestAnswerMs : deadlineMs + cancelMs;
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

/** Ends a connection on which an answer is waited for too long, or to a server whose place another has taken. Gives how to stop watching. */
function watch(connection: Connection, settings: PostgresSettings, open: Open<Connection>): () => void {
  const { serverHost: host } = connection;
  const cluster = clusterOf(settings.connectionString);
  const end = () => void connection.connection.stream.destroy();
  const look = async () => {
    if (host !== undefined && !(await cluster.isPrimary(host, open))) {
      end();
    }
  };
  const withinMs = answerWithinMs(settings);
  const deadline = withinMs === undefined ? undefined : setTimeout(end, withinMs);
  const looks = cluster.isSeveral ? setInterval(look, silentMs) : undefined;
  return () => {
    clearTimeout(deadline);
    clearInterval(looks);
  };
}

/** knex's PostgreSQL dialect with our settings on every connection, rows as SQLite gives them, and errors that say what they mean. */
export class PostgresClient extends PostgresDialect {
  declare readonly driver: { readonly Client: new (settings: object) => Client };

  /** Throws PostgresError where the answer does not come, or is not one that can be relied on. */
  async ask(connection: Connection, config: QueryConfig): Promise<QueryResult> {
    const { __knex__disposed: ended } = connection;
    const stopWatching = watch(connection, this.settings, this.open());
    try {
      const result = await connection.query(config);
      if (connection.hasLocalCommit) {
        throw new Error('the waiting for the synchronous standby was ended before it had the commit');
      }
      return result;
    } catch (error) {
      // The driver refuses what is asked on a connection that has ended, and does not say why it has.
      throw ended instanceof PostgresError ? ended : new PostgresError((ended ?? error) as Error, true);
    } finally {
      stopWatching();
    }
  }

  async _query(connection: Connection, query: PostgresQuery): Promise<PostgresQuery> {
    if (!query.sql) {
      throw new Error('The query is empty.');
    }
    const name = nameOf(connection, query);
    const config: QueryConfig = { text: query.sql, values: [...(query.bindings ?? [])] };
    try {
      query.response = await this.ask(connection, name === undefined ? config : { ...config, name });
    } catch (error) {
      const failure = error as PostgresError;
      const { deadlineMs } = this.settings;
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

  // knex makes the clients of its transactions without a constructor, so that they have no private members.
  get settings(): PostgresSettings {
    return this.connectionSettings as PostgresSettings;
  }

  open(): Open<Connection> {
    const { Client } = this.driver;
    const { mode } = this.settings;
    const canPrepare = mode !== 'make';
    return (url, timeoutMs) =>
      openConnection(
        (settings) =>
          Object.assign(new Client({ ...settings, pipeline: mode === 'write' }), {
            statementNames: canPrepare ? new Map() : undefined,
            prepared: new Set<string>(),
          }),
        url,
        timeoutMs,
      );
  }

  override async acquireRawConnection(): Promise<Connection> {
    const { mode, connectionString, deadlineMs = 0 } = this.settings;
    try {
      const { connection, host } = await clusterOf(connectionString).connect(this.open());
      try {
        const text = `${settingsOf[mode]} set statement_timeout = ${deadlineMs};`;
        const query = { text, query_timeout: longestAnswerMs };
        await connection.query(query);
        return Object.assign(connection, { serverHost: host });
      } catch (error) {
        // What does not answer would not hear a goodbye either.
        connection.connection.stream.destroy();
        throw error;
      }
    } catch (error) {
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
