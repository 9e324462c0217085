import type { Command } from 'commander';
import type { Run, Start } from '../command.js';
import { withExamples } from '../help/help.js';
import { askMissing } from '../terminal/prompts/ask-missing.js';
import { showCard } from '../terminal/show.js';
import { paymentFields } from './payment-text.js';

const showPayment: Run<object> = async (context, [given]) => {
  const { id } = await askMissing(context.prompts, {
    id: { value: given, message: 'Id of the payment:', flag: '<id>' },
  });
  const api = await context.api();
  const payment = await api.call('GET /v1/payments/{id}', {
    params: { id },
    ifNotFound: ['Look it up: pay history'],
  });
  await showCard(context, payment, paymentFields(payment, context));
};

export function define(command: Command, start: Start): void {
  withExamples(command, ['pay show pay_000000002S'])
    .argument('[id]', 'the id, as `pay history` gives it')
    .action(start(showPayment));
}
