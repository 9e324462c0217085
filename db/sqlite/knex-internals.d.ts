// The parts of knex's SQLite dialect that sqlite-client.ts builds on; knex ships no types for them.

declare module 'knex/lib/dialects/sqlite3/index.js' {
  export default class SqliteDialect {
    constructor(config: unknown);
    connectionSettings: object;
    acquireRawConnection(): Promise<unknown>;
    destroyRawConnection(connection: unknown): Promise<unknown>;
    _query(connection: unknown, query: unknown): Promise<unknown>;
    transaction(container: unknown, config: unknown, outerTransaction: unknown): unknown;
  }
}

declare module 'knex/lib/dialects/sqlite3/execution/sqlite-transaction.js' {
  export default class SqliteTransaction {
    constructor(client: unknown, container: unknown, config: unknown, outerTransaction: unknown);
    query(connection: unknown, sql: string): Promise<unknown>;
    begin(connection: unknown): Promise<unknown>;
  }
}
