import { type Command, Option } from 'commander';
import type { Run, Start } from '../command.js';
import { Failure } from '../failure/failure.js';
import { withExamples } from '../help/help.js';
import { choosePayment } from '../history/choose-payment.js';
import { showPayment } from '../history/payment-text.js';
import { checkFormat } from '../lists/show-list-as.js';
import { show as showRequest } from '../requests/show.js';
import { asItStands } from '../terminal/text/shown.js';

interface ShowOptions {
  readonly format?: 'html';
}

const showOnePayment: Run<ShowOptions> = async (context, [given], { format }) => {
  const id = await choosePayment(context, given, 'Which payment?');
  const api = await context.api();
  const payment = await api.call('GET /v1/payments/{id}', {
    params: { id },
    ifNotFound: ['Look it up: pay history'],
  });
  if (format === 'html') {
    checkFormat(context, format);
    const { receiptHtml } = await import('../documents/receipt.js');
    await context.stdout.write(asItStands(receiptHtml(payment, context, api.server)));
    return;
  }
  await showPayment(context, payment);
};

/** An id says by itself what it is of. */
const show: Run<ShowOptions> = async (context, operands, options) => {
  const isOfRequest = operands[0]?.toLowerCase().startsWith('req_') === true;
  if (isOfRequest && options.format !== undefined) {
    throw new Failure('usage', 'There is no receipt of a request.', {
      next: ['Show the payment that it led to, or leave --format out'],
    });
  }
  await (isOfRequest ? showRequest : showOnePayment)(context, operands, options);
};

export function define(command: Command, start: Start): void {
  withExamples(command, [
    'pay show                  choose one of the latest',
    'pay show pay_000000002S',
    'pay show 2S               an id may be shortened as long as no other ends so',
    'pay show req_000000001F   a request',
    'pay show 2S --format html > receipt.html   a receipt to print or send',
  ])
    .argument('[id]', 'the id, as `pay history` gives it; that of a request, too')
    .addOption(new Option('--format <format>', 'a receipt of a payment, as one file').choices(['html']))
    .action(start(show));
}
