import type { Decision } from '../../../../server/ledger/rule.js';
import { ruleNamed } from '../rule-named.js';

/** Makes the decisions of a story, each of a request of its own. */
export class DecisionMaker {
  #serial = 0;

  /** How many were made so far. */
  get serial(): number {
    return this.#serial;
  }

  make(rule: string, userId: number | null, input: unknown, rest: Partial<Decision> = {}): Decision {
    this.#serial += 1;
    const caller = { userId, isPerson: false, address: '127.0.0.1', requestId: `r${this.#serial}` };
    return { rule: ruleNamed(rule), input, caller, ...rest };
  }

  /** The hash of a secret that the next decision is the first to know of. */
  freshHash(): string {
    return `${this.#serial}`.padStart(64, '0');
  }
}
