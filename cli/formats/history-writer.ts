import type { PaymentJson } from '../../server/payments/wire.js';

/** One way to write a history: text for its payments as they arrive, newest first, so that its length does not matter. */
export interface HistoryWriter {
  begin(): string;
  payments(some: readonly PaymentJson[]): string;
  /** What closes it. Where it is missing the output is incomplete. */
  end(): string;
}
