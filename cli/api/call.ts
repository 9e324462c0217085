import type { Exchange } from './transport.js';

export interface Call {
  readonly method: Exchange['method'];
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: object;
  readonly accept?: string;
  readonly idempotencyKey?: string;
  /** A code of the second factor, once it was asked for. */
  readonly code?: string;
  /** Whether it holds a code itself, so that nobody is asked for one besides. */
  readonly holdsCode?: true;
  /** Clears away what is in the way of a question. */
  readonly beforeAsking?: () => void;
  /** For the stream of events: the one that was read last. */
  readonly lastEventId?: string;
  /** Whether the call is made without the session, such as logging in. */
  readonly isAnonymous?: boolean;
  /** Of another session than the one that is kept: one that has just begun. */
  readonly token?: string;
  readonly timeoutMs?: number;
  /** Whether the caller shows by itself that something is under way. */
  readonly isQuiet?: boolean;
  /** What is said while it takes long, where that is not just waiting. */
  readonly task?: string;
  /** For a call that changes something and has no key: what to do where its outcome stays unknown. */
  readonly ifUnknown?: readonly string[];
  /** What to do where the thing does not exist. */
  readonly ifNotFound?: readonly string[];
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** A request may have reached the server, and no answer came. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered';

  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
