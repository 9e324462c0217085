import type { AccountWriter } from '../../../../../cli/history/account-writer.js';
import type { PaymentJson } from '../../../../../server/features/payments/wire.js';

/** The choices of an export unless a test says otherwise. */
export const everything = { hasDeclarations: true, isWhole: true };

/** A whole export of payments that are given newest first, as a server gives them. */
export function written(writer: AccountWriter, payments: readonly PaymentJson[]): string {
  const texts = payments.map((payment) => writer.payment(payment));
  return writer.head() + texts.reverse().join('') + writer.end();
}
