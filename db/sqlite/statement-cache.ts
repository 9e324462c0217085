import type sqlite3 from 'sqlite3';

/** The statements that a connection keeps prepared: compiling one costs as much as running it for a few rows. */
export interface StatementCache {
  /** The statement of this text. Throws what SQLite says of a text that it cannot compile. */
  get(sql: string): Promise<sqlite3.Statement>;
  /** Gives all statements up: SQLite does not close a connection that still has some. */
  clear(): Promise<void>;
}

/** The most statements that are kept: those that are asked again and again have constant texts, and are fewer. */
const most = 128;

function prepare(connection: sqlite3.Database, sql: string): Promise<sqlite3.Statement> {
  return new Promise((resolve, reject) => {
    const statement = connection.prepare(sql, (error: Error | null) =>
      error ? reject(error) : resolve(statement),
    );
  });
}

function finalize(statement: sqlite3.Statement): Promise<void> {
  return new Promise((resolve) => {
    statement.finalize(() => resolve());
  });
}

export function makeStatementCache(connection: sqlite3.Database): StatementCache {
  const statements = new Map<string, sqlite3.Statement>();

  async function makeRoom(): Promise<void> {
    const [oldest] = statements;
    if (oldest && statements.size >= most) {
      statements.delete(oldest[0]);
      await finalize(oldest[1]);
    }
  }

  return {
    async get(sql) {
      const known = statements.get(sql);
      if (known) {
        return known;
      }
      await makeRoom();
      const statement = await prepare(connection, sql);
      statements.set(sql, statement);
      return statement;
    },
    async clear() {
      for (const statement of statements.values()) {
        await finalize(statement);
      }
      statements.clear();
    },
  };
}
