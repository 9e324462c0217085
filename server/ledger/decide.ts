import type { Outcome } from './outcome.js';
import { type Caller, type Decision, decision, type Rule } from './rule.js';

/** The call that asks for a decision, as far as the decision takes from it. */
export interface AskingCall {
  readonly viewer?:
    | { readonly userId: number; readonly credential: NonNullable<Caller['credential']> }
    | undefined;
  readonly address: string;
  readonly requestId: string;
  readonly idempotencyKey?: string | undefined;
  /** The code that the header Pay-Second-Factor holds. */
  readonly shownCode?: string | undefined;
  readonly isDryRun?: boolean;
}

/** The caller of a decision; a person is whoever does not use a personal token. */
export const callerOf = ({ viewer, address, requestId, shownCode }: AskingCall): Caller => ({
  userId: viewer?.userId ?? null,
  isPerson: viewer?.credential.kind !== 'token',
  ...(viewer && { credential: { kind: viewer.credential.kind, id: viewer.credential.id } }),
  address,
  requestId,
  ...(shownCode !== undefined && { shownCode }),
});

/** Has the ledger decide what a call asks for: the one place that takes caller, key and dry run from the call. */
export function decide<Input, Facts>(
  ledger: { decide(decision: Decision): Promise<Outcome> },
  call: AskingCall,
  rule: Rule<Input, Facts>,
  input: NoInfer<Input>,
  ...[facts]: [NoInfer<Facts>] extends [undefined] ? [] : [facts: NoInfer<Facts>]
): Promise<Outcome> {
  const asked = {
    input,
    facts,
    caller: callerOf(call),
    key: call.idempotencyKey,
    isDryRun: call.isDryRun ?? false,
  };
  return ledger.decide(decision(rule as Rule<Input, unknown>, asked));
}
