import type { Outcome } from './outcome.js';
import type { Decision } from './rule.js';

/** The ledger, as those see it who ask it for decisions. */
export interface Ledger {
  /** Decides, and gives the outcome once it is durable. */
  decide(decision: Decision): Promise<Outcome>;
  /** Says that there may be so many commits of all writers. */
  followOthers(commits: number): void;
  /** Resolves when nothing is under way, and all is answered. */
  settled(): Promise<void>;
}
