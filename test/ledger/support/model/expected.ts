import type { ErrorCode } from '../../../../server/errors.js';

/** What the contract says of a decision, by a second, simpler way of thinking: no book, no batch, no rows. */
export type Expected =
  | { readonly is: 'accepted'; readonly status: number; readonly moved?: Moved }
  | { readonly is: 'refused'; readonly code: ErrorCode }
  /** The answer that the decision with this requestId had. */
  | { readonly is: 'replay'; readonly of: string };

export interface Moved {
  readonly sent: bigint;
  readonly received: bigint;
  readonly balanceAfter: bigint;
}

export const refused = (code: ErrorCode): Expected => ({ is: 'refused', code });

/** No balance, and no sum of what was issued, may be larger. */
export const largest = BigInt(Number.MAX_SAFE_INTEGER);
