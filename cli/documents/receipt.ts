import type { PaymentJson } from '../../server/features/payments/wire.js';
import type { Context } from '../context.js';
import { paymentFields } from '../history/payment-text.js';
import { html } from './html.js';
import { page } from './page.js';

/** A receipt of one payment as one HTML file. */
export function receiptHtml(
  payment: Omit<PaymentJson, 'direction'>,
  context: Pick<Context, 'stdout' | 'locale' | 'now'>,
  server: string,
): string {
  const fields = paymentFields(payment, context).flatMap(({ label, people }) => {
    const text = typeof people === 'function' ? people() : people;
    return text === undefined ? [] : [html`<dt>${label}</dt><dd><bdi>${text}</bdi></dd>\n`];
  });
  return page(
    `Receipt ${payment.id ?? ''}`,
    html`<h1>Receipt</h1>
<p class="faint">${new URL(server).host}</p>
<dl>
${fields}</dl>`,
  );
}
