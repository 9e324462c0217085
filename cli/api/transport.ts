export interface Exchange {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** How long the server may take to begin its answer. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface TransportAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body in pieces of whole characters, to be read once. */
  readonly pieces: AsyncIterable<string>;
}

/** The one way to a server. */
export interface Transport {
  /** @throws NothingSent where no byte of the request can have left; any other error leaves that open. */
  send(exchange: Exchange): Promise<TransportAnswer>;
  close(): Promise<void>;
}

/** No byte of the request was sent: no connection, or not to the server that is meant (then the cause is NotTrusted). */
export class NothingSent extends Error {
  override readonly name = 'NothingSent';

  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
