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

/** Which payments a person may choose from. */
export interface PaymentChoice {
  readonly direction: PaymentJson['direction'];
  readonly isOffered: (payment: PaymentJson) => boolean;
}

/** The id that was given, whole, or that of one of the latest payments, which the person chooses. @throws Failure */
export async function choosePayment(
  context: Context,
  given: string | undefined,
  message: string,
  choice?: PaymentChoice,
): Promise<string> {
  return await chooseId(context, given, {
    prefix: 'pay',
    message,
    items: async (most) => {
      const query = { direction: choice?.direction };
      const { items } = await fetchList(context, 'GET /v1/payments', { query }, most);
      return given === undefined && choice ? items.filter(choice.isOffered) : items;
    },
    textOf: (payment) => choiceText(payment, context),
    none: 'There is no payment to choose from.',
    next: ['See: pay history'],
  });
}
