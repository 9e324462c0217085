import type { Run } from '../command.js';
import type { Context } from '../context.js';
import { paymentFields } from '../history/payment-text.js';
import { showCard } from '../terminal/show.js';
import { refuseOthers } from './act-on-user/ask-user.js';

async function askId(context: Context, given: string | undefined): Promise<string> {
  if (given !== undefined) {
    return given;
  }
  context.prompts.gate(['<id>']);
  await refuseOthers(context);
  return (await context.prompts.text({ message: 'Id of the payment:', flag: '<id>' })).trim();
}

export const payment: Run<object> = async (context, [given]) => {
  const id = await askId(context, given);
  const api = await context.api();
  const found = await api.call('GET /v1/admin/payments/{id}', {
    params: { id },
    ifNotFound: ['Look it up: pay admin payments'],
  });
  await showCard(context, found, paymentFields(found, context));
};
