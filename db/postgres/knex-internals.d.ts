// The parts of knex's PostgreSQL dialect that postgres-client.ts builds on; knex ships no types for them.

declare module 'knex/lib/dialects/postgres/index.js' {
  export default class PostgresDialect {
    constructor(config: unknown);
    connectionSettings: object;
    acquireRawConnection(): Promise<unknown>;
    destroyRawConnection(connection: unknown): Promise<unknown>;
    processResponse(query: unknown, runner: unknown): unknown;
    validateConnection(connection: unknown): boolean;
    transaction(container: unknown, config: unknown, outerTransaction: unknown): unknown;
  }
}

declare module 'knex/lib/dialects/postgres/execution/pg-transaction.js' {
  export default class PostgresTransaction {
    constructor(client: unknown, container: unknown, config: unknown, outerTransaction: unknown);
    readonly trxClient: {
      query(connection: unknown, sql: string): Promise<{ readonly response?: unknown }>;
    };
    begin(connection: unknown): Promise<unknown>;
  }
}
