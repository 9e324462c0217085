import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openMaker } from '../../db/connect.js';
import { makePostgresInstance } from './postgres-instance.js';
import { until } from './until.js';

/** A primary of PostgreSQL and its synchronous standby. */
export interface PostgresPair {
  /** The URL of an empty database with both hosts, the standby's first. */
  readonly url: string;
  /** The URLs of the database on one of them alone. */
  readonly primary: string;
  readonly standby: string;
  killPrimary(): Promise<void>;
  /** Ends the standby in order, so that a commit waits for it. */
  stopStandby(): Promise<void>;
  /** Makes the standby the primary. */
  promote(): Promise<void>;
}

const isSynchronous = "select 1 from pg_stat_replication where sync_state in ('sync', 'quorum')";

/** Starts two, of which one streams what the other has committed before that says so. */
export async function startPostgresPair(): Promise<PostgresPair> {
  const primary = await makePostgresInstance({ synchronous_standby_names: '*' });
  await primary.initialise();
  const { host, user, password } = primary;
  const [address, port] = host.split(':');
  const standby = await makePostgresInstance({
    primary_conninfo: `host=${address} port=${port} user=${user} password=${password}`,
  });
  // The primary has not been started yet, so that its folder is whole.
  await rm(standby.databaseDir, { recursive: true });
  spawnSync('cp', ['-a', primary.databaseDir, standby.databaseDir]);
  closeSync(openSync(join(standby.databaseDir, 'standby.signal'), 'w'));
  await primary.start();
  await standby.start(/ready to accept read-only connections/);
  const login = `postgres://${user}:${password}@`;
  const database = openMaker(`${login}${host}/postgres`);
  try {
    await until('a synchronous standby', async () => (await database.raw(isSynchronous)).length > 0);
    await database.raw('create database pay');
  } finally {
    await database.destroy();
  }
  return {
    url: `${login}${standby.host},${host}/pay`,
    primary: `${login}${host}/pay`,
    standby: `${login}${standby.host}/pay`,
    killPrimary: () => primary.kill(),
    stopStandby: () => standby.stop(),
    async promote() {
      const promoted = openMaker(`${login}${standby.host}/postgres`);
      try {
        await promoted.raw('select pg_promote()');
      } finally {
        await promoted.destroy();
      }
    },
  };
}
