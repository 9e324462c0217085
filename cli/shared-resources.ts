import { type Exchange, NothingSent, type Transport, type TransportAnswer } from './api/transport.js';
import type { TrustRule } from './api/trust/trust-rule.js';
import { makeUndiciTransport } from './api/undici-transport.js';
import { type Config, readConfig, type StoredSession } from './settings/config-file.js';
import type { Credentials } from './settings/credentials.js';

/** The configuration, tokens and connections that the commands of one shell share, so that each is read or made once. */
export interface SharedResources {
  config(): Promise<Config>;
  /** The token of a session, or undefined where it is gone. */
  token(place: StoredSession): Promise<string | undefined>;
  /** The one connection to a server. Closing it is left to whoever keeps it. */
  transport(server: string, rule: () => Promise<TrustRule>): Transport;
  /** Has what is in the folder and in the keychain read anew. */
  forget(): void;
  close(): Promise<void>;
}

export interface SharedResourcesParts {
  readonly folder: string;
  readonly credentials: Pick<Credentials, 'find'>;
  /** Ends attempts to connect, whichever command makes them. */
  readonly signal: AbortSignal;
  /** Called before each request. */
  readonly onRequest: (method: Exchange['method']) => void;
}

// The codes by which undici and the system say that a connection has been closed by the other side.
const closedCodes = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

function wasClosed(error: unknown): boolean {
  return error instanceof Error && closedCodes.has(String((error as NodeJS.ErrnoException).code));
}

/**
 * The same transport, which asks once more where the kept connection turns out to be closed. Only what changes nothing is
 * asked again; of anything else the caller judges what became of it.
 */
function reconnecting(transport: Transport, { onRequest }: SharedResourcesParts): Transport {
  async function send(exchange: Exchange): Promise<TransportAnswer> {
    onRequest(exchange.method);
    try {
      return await transport.send(exchange);
    } catch (error) {
      const isOver = error instanceof NothingSent || exchange.signal.aborted || !wasClosed(error);
      if (isOver || exchange.method !== 'GET') {
        throw error;
      }
      return await transport.send(exchange);
    }
  }
  return { send, close: async () => undefined };
}

/** A cache of what is found by name until it is cleared; what failed is not remembered. */
function remembering<Value>(): {
  get(name: string, find: () => Promise<Value>): Promise<Value>;
  clear(): void;
} {
  const values = new Map<string, Promise<Value>>();
  return {
    get(name, find) {
      const known = values.get(name);
      if (known) {
        return known;
      }
      const value = find();
      values.set(name, value);
      value.catch(() => values.delete(name));
      return value;
    },
    clear: () => values.clear(),
  };
}

/** Makes the resources of a shell; nothing is read or connected before it is asked for. */
export function makeSharedResources(parts: SharedResourcesParts): SharedResources {
  const { folder, credentials, signal } = parts;
  const configs = remembering<Config>();
  const tokens = remembering<string | undefined>();
  const transports = new Map<string, { readonly shared: Transport; readonly own: Transport }>();
  return {
    config: () => configs.get('', () => readConfig(folder)),
    token: (place) => tokens.get(place.credentialId, () => credentials.find(place)),
    transport(server, rule) {
      const known = transports.get(server);
      if (known) {
        return known.shared;
      }
      const own = makeUndiciTransport(server, rule, signal);
      const shared = reconnecting(own, parts);
      transports.set(server, { own, shared });
      return shared;
    },
    forget() {
      configs.clear();
      tokens.clear();
    },
    async close() {
      await Promise.all([...transports.values()].map(({ own }) => own.close()));
    },
  };
}
