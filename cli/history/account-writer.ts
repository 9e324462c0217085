import type { PaymentJson } from '../../server/features/payments/wire.js';

/** The choices of who wants an export. */
export interface Wanted {
  /** Whether accounts and currencies are declared; they may be in another file that is read together with it. */
  readonly hasDeclarations: boolean;
  /** Whether no payment is left out, so that the balance after the last one is asserted. */
  readonly isWhole: boolean;
}

/** One format of programs that keep accounts. The payments are handed over newest first, and all before head and end. */
export interface AccountWriter {
  payment(payment: PaymentJson): string;
  /** What stands before the payments. */
  head(): string;
  /** The end of the output; where it is missing, that is incomplete. */
  end(): string;
}

/** Declarations, one a line; as comments, to be copied into another file, where they are not wanted. */
export function declarationsText(declarations: readonly string[], areWanted: boolean): string {
  const lines = declarations.map((line) => `${areWanted ? '' : '; '}${line}\n`);
  const [why, gap] = [areWanted ? '' : '; Not declared here:\n', '\n'];
  return lines.length === 0 ? '' : why + lines.join('') + gap;
}
