import type { AdminPaymentJson } from '../../server/features/admin/wire.js';
import { fetchList } from '../api/fetch-list.js';
import type { Run } from '../command.js';
import type { Context } from '../context.js';
import { paymentFields } from '../history/payment-text.js';
import { chooseId } from '../lists/choose-id.js';
import { moneyText } from '../terminal/money.js';
import { showCard } from '../terminal/show.js';
import { relativeTime } from '../terminal/time.js';

function choiceText(payment: AdminPaymentJson, { locale, now }: Context): string {
  const { from, to, sent, createdAt } = payment;
  return `${moneyText(sent, locale)} ${from ?? ''} → ${to ?? ''} · ${relativeTime(createdAt, now())}`;
}

export const payment: Run<object> = async (context, [given]) => {
  const id = await chooseId(context, given, {
    prefix: 'pay',
    message: 'Which payment?',
    items: async (most) => (await fetchList(context, 'GET /v1/admin/payments', {}, most)).items,
    textOf: (found) => choiceText(found, context),
    none: 'There is no payment to choose from.',
    next: ['See: pay admin payments'],
  });
  const api = await context.api();
  const found = await api.call('GET /v1/admin/payments/{id}', {
    params: { id },
    ifNotFound: ['Look it up: pay admin payments'],
  });
  await showCard(context, found, paymentFields(found, context));
};
