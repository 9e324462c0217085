import type { RuleName } from '../../../server/ledger/rule.js';

/** The name of a rule, for a decision that a test makes by hand: of what no door would let through, or of a rule of its own. */
export const ruleNamed = (name: string) => name as RuleName;
