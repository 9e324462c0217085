import type { Outcome } from './decide-batch.js';
import type { LedgerMeasure } from './measure.js';
import type { Decision } from './rule.js';

/** What the door tells the ledger's thread. */
export type ToThread =
  | { readonly decide: readonly { readonly number: number; readonly decision: Decision }[] }
  | { readonly close: true };

/** What the thread tells the door. */
export type FromThread =
  | { readonly ready: true }
  | {
      readonly answers: readonly { readonly number: number; readonly outcome: Outcome }[];
      /** What the ledger has done since the message before. */
      readonly measure?: LedgerMeasure | undefined;
    }
  /** What a commit changed that those outside may wait for, in the words of whoever wired the thread. */
  | { readonly notice: unknown }
  | { readonly broken: string }
  | { readonly failed: string };
