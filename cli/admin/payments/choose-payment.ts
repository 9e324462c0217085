import type { AdminPaymentJson } from '../../../server/features/admin/wire.js';
import { fetchList } from '../../api/fetch-list.js';
import type { Context } from '../../context.js';
import { chooseId } from '../../lists/choose-id.js';
import { moneyText } from '../../terminal/money.js';
import { relativeTime } from '../../terminal/time.js';

function choiceText(payment: AdminPaymentJson, { locale, now }: Context): string {
  const { from, to, sent, createdAt } = payment;
  return `${moneyText(sent, locale)} ${from ?? ''} → ${to ?? ''} · ${relativeTime(createdAt, now())}`;
}

/**
 * The whole id of a payment that was given, or of one that the administrator chooses: of this user's, or of everybody's.
 * @throws Failure
 */
export function choosePayment(context: Context, given: string | undefined, user?: string): Promise<string> {
  const query = { user };
  return chooseId(context, given, {
    prefix: 'pay',
    message: 'Which payment?',
    items: async (most) => (await fetchList(context, 'GET /v1/admin/payments', { query }, most)).items,
    textOf: (found) => choiceText(found, context),
    none: 'There is no payment to choose from.',
    next: ['See: pay admin payments'],
  });
}
