import type { PaymentJson } from '../../server/features/payments/wire.js';
import type { Api } from '../api/api.js';
import type { Context } from '../context.js';
import { moneyText } from '../terminal/money.js';
import { visible } from '../terminal/visible.js';
import { fromWhom } from './from-whom.js';
import type { PaymentBody } from './payment-act.js';

/** What a payment would do, judged by the server with the same refusals; nothing happens. */
export function rehearse(api: Api, body: PaymentBody): Promise<PaymentJson> {
  return api.call('POST /v1/payments', { body: { ...body, dryRun: true } });
}

/** What the person who pays must see before saying yes: whose money it is, both amounts, the rate, and what is left. */
export async function rehearsalText(payment: PaymentJson, context: Context): Promise<string> {
  const { locale, stderr } = context;
  const { padEnd, widest } = await import('../terminal/align.js');
  const { wrapBeside } = await import('../terminal/wrap.js');
  const { from, sent, received, rate, memo, balanceAfter } = payment;
  const crosses = sent.currency !== received.currency;
  const { pen } = stderr;
  const lines = [
    ['from', await fromWhom(context, from ?? '')],
    ['you pay', pen.bold(moneyText(sent, locale))],
    [`${visible(payment.to ?? '')} receives`, pen.bold(moneyText(received, locale))],
    ...(crosses
      ? [['rate', `1 ${visible(sent.currency)} = ${visible(rate)} ${visible(received.currency)}`]]
      : []),
    ...(memo === null ? [] : [['memo', visible(memo)]]),
    ...(balanceAfter === null ? [] : [['balance after', moneyText(balanceAfter, locale)]]),
  ] as [string, string][];
  const width = widest(lines.map(([label]) => label));
  return lines
    .map(
      ([label, value]) => `  ${pen.dim(padEnd(label, width))}  ${wrapBeside(value, width + 4, stderr.width)}`,
    )
    .join('\n');
}

/** What a person is told once it is done: "Paid 10.00 GBP to bob, who received 12.70 USD." */
export function paidText(
  payment: PaymentJson,
  isReplay: boolean,
  { locale, stderr }: Pick<Context, 'locale' | 'stderr'>,
): string {
  const { sent, received, to, kind } = payment;
  const got = sent.currency === received.currency ? '' : `, who received ${moneyText(received, locale)}`;
  return (
    `${stderr.pen.green('✓')} ${kind === 'refund' ? 'Gave' : 'Paid'} ${moneyText(sent, locale)} ` +
    `${kind === 'refund' ? 'back ' : ''}to ${visible(to ?? '')}${got}.` +
    (isReplay ? ' An earlier try had made it; it was not made again.' : '')
  );
}
