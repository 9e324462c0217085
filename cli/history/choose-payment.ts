import type { PaymentJson } from '../../server/features/payments/wire.js';
import { fetchList } from '../api/fetch-list.js';
import type { Context } from '../context.js';
import { chooseId } from '../lists/choose-id.js';
import { moneyText } from '../terminal/money.js';
import { relativeTime } from '../terminal/time.js';
import { counterparty, memoText, sidesOf } from './payment-text.js';

function choiceText(payment: PaymentJson, { locale, now }: Context): string {
  const what = `${payment.direction === 'sent' ? 'to' : 'from'} ${counterparty(payment)}`;
  const memo = memoText(payment);
  const amount = moneyText(sidesOf(payment).own, locale);
  return `${amount} ${what}${memo === '' ? '' : ` · ${memo}`} · ${relativeTime(payment.createdAt, now())}`;
}

/** The id that was given, whole, or that of one of the latest payments, which the person chooses. @throws Failure */
export async function choosePayment(
  context: Context,
  given: string | undefined,
  message: string,
  direction?: 'received',
): Promise<string> {
  return await chooseId(context, given, {
    prefix: 'pay',
    message,
    items: async (most) =>
      (await fetchList(context, 'GET /v1/payments', { query: { direction } }, most)).items,
    textOf: (payment) => choiceText(payment, context),
    none: 'There is no payment to choose from.',
    next: ['See: pay history'],
  });
}
