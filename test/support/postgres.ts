import { randomBytes } from 'node:crypto';
import { openMaker } from '../../db/connect.js';
import { migratePostgres } from '../../db/postgres/open/postgres-migrations.js';
import { makePostgresInstance } from './postgres-instance.js';

/** A PostgreSQL of a test's own. */
export interface OwnPostgres {
  /** Its URL, without a database. */
  readonly server: string;
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>;
  /** Starts it again where it was. Throws where it does not get ready. */
  startAgain(): Promise<void>;
}

/** Starts a PostgreSQL, in a folder that is there or in one of its own. */
export async function startPostgres(folder?: string): Promise<OwnPostgres> {
  const instance = await makePostgresInstance({}, folder);
  await instance.initialise();
  await instance.start();
  return {
    server: `postgres://${instance.user}:${instance.password}@${instance.host}`,
    kill: () => instance.kill(),
    startAgain: () => instance.start(),
  };
}

async function runAlone(server: string, database: string, sql: string): Promise<void> {
  const connection = openMaker(`${server}/${database}`);
  try {
    await connection.raw(sql);
  } finally {
    await connection.destroy();
  }
}

/** A server with books as a first start makes them, from which others are cloned. */
async function startWithTemplate(): Promise<string> {
  const { server } = await startPostgres();
  await runAlone(server, 'postgres', 'create database pay_template');
  const template = openMaker(`${server}/pay_template`);
  try {
    await migratePostgres(template);
  } finally {
    await template.destroy();
  }
  return server;
}

let running: Promise<string> | undefined;

/** The URL, without a database, of the PostgreSQL that `npm test` started for all test files; else of this process's own. */
export function postgresServer(): Promise<string> {
  const { TEST_PAY_POSTGRES: shared } = process.env;
  running ??= shared === undefined ? startWithTemplate() : Promise.resolve(shared);
  return running;
}

/** Makes a database of a test's own, empty or with books as a first start makes them. Gives its URL. */
export async function makePostgresDatabase({ isEmpty = false } = {}): Promise<string> {
  const server = await postgresServer();
  const name = `pay_${randomBytes(6).toString('hex')}`;
  const from = isEmpty ? 'template0' : 'pay_template';
  await runAlone(server, 'postgres', `create database ${name} template ${from}`);
  return `${server}/${name}`;
}
