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
  /** Whether the body holds a code itself, so that nobody is asked for one besides. */
  readonly holdsCode?: true;
  /** Clears away what is in the way of a question. */
  readonly beforeAsking?: () => void;
  /** The id of the event that was read last, for the stream of events to go on after it. */
  readonly lastEventId?: string;
  /** Whether the call is made without the session, such as logging in. */
  readonly isAnonymous?: boolean;
  /** The token of another session than the one that is kept: of one that has just begun. */
  readonly token?: string;
  readonly timeoutMs?: number;
  /** Whether the caller shows by itself that something is under way. */
  readonly isQuiet?: boolean;
  /** The words beside the spinner, where they say more than that one waits. */
  readonly task?: string;
  /** For a call that changes something and has no key: what to do where its outcome stays unknown. */
  readonly ifUnknown?: readonly string[];
  /** The next steps where what the path names does not exist. */
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
