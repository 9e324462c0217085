import type { PaymentJson } from '../../server/features/payments/wire.js';
import type { PayoutAnswerJson } from '../../server/features/payouts/wire.js';
import { paymentShape } from '../api/shapes.js';
import type { ShapeOf } from '../terminal/json-shape.js';
import type { PayoutLine } from './file/payout-line.js';

/** What became, or would become, of one line. */
export interface LineResult {
  readonly line: number;
  readonly to: string;
  readonly status: 'paid' | 'refused' | 'payable';
  readonly payment: PaymentJson | null;
  /** The problem document of the server. */
  readonly error: Readonly<Record<string, unknown>> | null;
}

export const lineShape: ShapeOf<LineResult> = {
  line: 'value',
  to: 'value',
  status: 'value',
  payment: paymentShape,
  // A refusal has figures of its own.
  error: 'anything',
};

/** The results of an answer, by the lines that were sent. */
export function lineResults(lines: readonly PayoutLine[], answer: PayoutAnswerJson): readonly LineResult[] {
  return answer.results.flatMap((result) => {
    const sent = lines[result.index];
    if (sent === undefined) {
      return [];
    }
    const { line, to } = sent;
    if ('error' in result) {
      return { line, to, status: 'refused', payment: null, error: result.error };
    }
    const status = result.payment.id === null ? 'payable' : 'paid';
    return { line, to, status, payment: result.payment, error: null };
  });
}

/** Why a line was refused, as a sentence of the server's; not yet fit to be shown. */
export const reasonOf = ({ error }: LineResult): string =>
  typeof error?.detail === 'string' ? error.detail : '';
