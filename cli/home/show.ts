import type { Command } from 'commander';
import type { Run, Start } from '../command.js';
import { withExamples } from '../help/help.js';
import { choosePayment } from '../history/choose-payment.js';
import { showPayment } from '../history/payment-text.js';
import { show as showRequest } from '../requests/show.js';

const showOnePayment: Run<object> = async (context, [given]) => {
  const id = await choosePayment(context, given, 'Which payment?');
  const api = await context.api();
  const payment = await api.call('GET /v1/payments/{id}', {
    params: { id },
    ifNotFound: ['Look it up: pay history'],
  });
  await showPayment(context, payment);
};

/** An id says by itself what it is of. */
const show: Run<object> = async (context, operands, options) => {
  const isOfRequest = operands[0]?.toLowerCase().startsWith('req_') === true;
  await (isOfRequest ? showRequest : showOnePayment)(context, operands, options);
};

export function define(command: Command, start: Start): void {
  withExamples(command, [
    'pay show                  choose one of the latest',
    'pay show pay_000000002S',
    'pay show 2S               an id may be shortened as long as no other ends so',
    'pay show req_000000001F   a request',
  ])
    .argument('[id]', 'the id, as `pay history` or `pay requests` gives it')
    .action(start(show));
}
