import type { StorageFault } from '../../db/transact.js';
import type { ErrorCode } from '../errors.js';

/** The outcome of a decision: what the client is told. */
export interface Outcome {
  readonly status: number;
  /** The code of a refusal; null where the decision was accepted. */
  readonly code: ErrorCode | null;
  /** The body, serialised: a replay gives the same bytes. */
  readonly json: string;
  readonly location: string | null;
  readonly isReplay: boolean;
  readonly retryAfterSeconds: number | null;
  /** The fault inside, for the log; the client is not told. */
  readonly fault: string | null;
  /** The reason why the database did not take it, where that was why. */
  readonly storageFault: StorageFault | null;
}
