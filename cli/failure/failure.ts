import type { FailureKind } from './exit-status.js';

export interface FailureDetails {
  /** What stands below the message, line by line. */
  readonly below?: readonly string[];
  /** The next thing to type or do, one sentence or command a line. */
  readonly next?: readonly string[];
  /** What is wrong with single fields, from the server. */
  readonly fields?: readonly { readonly field: string; readonly message: string }[];
  /** The problem document of the server, given on as it stands with `--json`. */
  readonly problem?: Readonly<Record<string, unknown>>;
  /** The command that settles what is open, a member of the JSON form. */
  readonly settle?: string;
  /** Further members of the JSON form, such as the key of a payment whose outcome is unknown. */
  readonly figures?: Readonly<Record<string, unknown>>;
  /** Whether the person ended what goes on until it is ended, so that nothing has gone wrong. */
  readonly isWanted?: true;
  /** Whether it is the result that could not be shown: what was to be done before that may be done. */
  readonly isOfResult?: true;
  readonly cause?: unknown;
}

/** The one way for a command to end badly: what kind of end, what happened, and what to do next. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly kind: FailureKind;
  readonly details: FailureDetails;

  /** @param message one line; what comes from others in it is made visible where it is told */
  constructor(kind: FailureKind, message: string, details: FailureDetails = {}) {
    super(message, { cause: details.cause });
    this.kind = kind;
    this.details = details;
  }
}
