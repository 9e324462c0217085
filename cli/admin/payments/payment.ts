import type { Run } from '../../command.js';
import { paymentFields } from '../../history/payment-text.js';
import { showCard } from '../../terminal/show.js';
import { choosePayment } from './choose-payment.js';

export const payment: Run<object> = async (context, [given]) => {
  const id = await choosePayment(context, given);
  const api = await context.api();
  const found = await api.call('GET /v1/admin/payments/{id}', {
    params: { id },
    ifNotFound: ['Look it up: pay admin payments'],
  });
  await showCard(context, found, paymentFields(found, context));
};
