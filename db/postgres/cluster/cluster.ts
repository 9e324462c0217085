import type { Client } from 'pg';
import { type Host, hostsOf } from './hosts.js';

/** A connection to a server of PostgreSQL that can be written. */
export interface Found<Connection> {
  readonly connection: Connection;
  readonly host: Host;
}

/** Opens a connection to the database of this URL, which names one host; gives up after so many milliseconds. */
export type Open<Connection> = (url: string, timeoutMs: number) => Promise<Connection>;

const connectTimeoutMs = 10_000;
/** Of several hosts the next is asked soon: one that was cut off says nothing at all. */
const oneOfSeveralTimeoutMs = 2_500;

/** What a standby says to whoever would write. */
export const notWritable = '25006';

/**
 * What a server is, and its timeline, which each promotion makes greater by one: so of two that both want to be written the one
 * that was promoted last is known.
 */
const role = `
  select pg_is_in_recovery() or current_setting('transaction_read_only') = 'on' as is_standby,
    case when pg_is_in_recovery() then 0
      else ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::bigint end::text as timeline`;

interface Role {
  readonly is_standby: boolean;
  readonly timeline: string;
}

const refusal = (text: string): Error =>
  Object.assign(new Error(text), { severity: 'ERROR', code: notWritable });

/** Whether PostgreSQL itself has said it, so that asking another host may help no further. */
const isSaid = (error: Error): boolean => {
  const { severity, code } = error as { severity?: unknown; code?: unknown };
  return severity !== undefined && code !== notWritable && !/^(?:57P|08|53300)/.test(String(code));
};

const end = (connection: Client) => connection.connection.stream.destroy();

/**
 * The servers of PostgreSQL that a URL names, as all connections of a thread know them: which was written last, and since when.
 * Of several, the one that can be written is chosen; connections to one that was primary before it are ended, since what
 * they read may be older than what is known.
 */
export class Cluster<Connection extends Client> {
  /** Whether only a server that can be written will do. */
  readonly #needsPrimary: boolean;
  /** The host that was found last before the others. */
  #hosts: readonly Host[];
  #timeline = 0;
  /** The connections to the newest primary that is known. */
  readonly #connections = new Set<Connection>();

  constructor(url: string) {
    const { hosts, needsPrimary } = hostsOf(url);
    this.#hosts = hosts;
    this.#needsPrimary = needsPrimary;
  }

  /** Whether another host may have taken the place of one that does not answer. */
  get isSeveral(): boolean {
    return this.#hosts.length > 1;
  }

  /** Opens a connection to the server that can be written. Throws what PostgreSQL or the system says where there is none. */
  async connect(open: Open<Connection>): Promise<Found<Connection>> {
    if (!this.#needsPrimary) {
      const [host] = this.#hosts as [Host];
      return { connection: await open(host.url, connectTimeoutMs), host };
    }
    const failures: { readonly host: Host; readonly error: Error }[] = [];
    for (const host of this.#hosts) {
      try {
        const connection = await this.#connectTo(host, open);
        this.#hosts = [host, ...this.#but(host)];
        return { connection, host };
      } catch (error) {
        failures.push({ host, error: error as Error });
        this.#hosts = [...this.#but(host), host];
      }
    }
    const said = failures.find(({ error }) => isSaid(error));
    const list = failures.map(({ host, error }) => `${host.name}: ${error.message}`).join('; ');
    throw said?.error ?? refusal(`none of its hosts can be written now: ${list}`);
  }

  /** Whether this host still is the primary, as a new connection finds it. */
  async isPrimary(host: Host, open: Open<Connection>): Promise<boolean> {
    try {
      end(await this.#connectTo(host, open));
      return true;
    } catch {
      return false;
    }
  }

  async #connectTo({ url }: Host, open: Open<Connection>): Promise<Connection> {
    const timeoutMs = this.isSeveral ? oneOfSeveralTimeoutMs : connectTimeoutMs;
    const connection = await open(url, timeoutMs);
    try {
      const query = { text: role, query_timeout: timeoutMs };
      const { rows } = await connection.query<Role>(query);
      const [{ is_standby: isStandby, timeline }] = rows as [Role];
      if (isStandby) {
        throw refusal('it is a standby, or set to be read only');
      }
      this.#follow(Number(timeline));
    } catch (error) {
      end(connection);
      throw error;
    }
    this.#connections.add(connection);
    connection.once('end', () => this.#connections.delete(connection));
    return connection;
  }

  /** Takes in the timeline of a server that wants to be written. */
  #follow(timeline: number): void {
    if (timeline < this.#timeline) {
      throw refusal('another has been promoted since it was the primary');
    }
    if (timeline > this.#timeline) {
      this.#timeline = timeline;
      for (const connection of this.#connections) {
        end(connection);
      }
    }
  }

  #but(host: Host): readonly Host[] {
    return this.#hosts.filter((other) => other !== host);
  }
}
