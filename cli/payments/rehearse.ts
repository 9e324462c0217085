import type { PaymentJson } from '../../server/features/payments/wire.js';
import type { Api } from '../api/api.js';
import type { Context } from '../context.js';
import { partyNames } from '../history/payment-text.js';
import { moneyText } from '../terminal/money.js';
import { joined, type Part, type Shown, shown } from '../terminal/text/shown.js';
import { visible } from '../terminal/text/visible.js';
import { fromWhom } from './from-whom.js';
import type { PaymentBody } from './payment-act.js';

/** What a payment would do, judged by the server with the same refusals; nothing happens. */
export function rehearse(api: Api, body: PaymentBody): Promise<PaymentJson> {
  return api.call('POST /v1/payments', { body: { ...body, dryRun: true } });
}

/** What the person who pays must see before saying yes: whose money it is, both amounts, the rate, and what is left. */
export async function rehearsalText(payment: PaymentJson, context: Context): Promise<Shown> {
  const { locale, stderr } = context;
  const { padEnd, widest } = await import('../terminal/text/align.js');
  const { wrapBeside } = await import('../terminal/text/wrap.js');
  const { from, to, sent, received, rate, memo, balanceAfter } = payment;
  const nameOf = await partyNames(context, [payment]);
  const crosses = sent.currency !== received.currency;
  const { pen } = stderr;
  const lines: readonly (readonly [label: string, value: Part])[] = [
    ['from', await fromWhom(context, from ?? '')],
    ['you pay', pen.bold(moneyText(sent, locale))],
    // The username stands in the next line anyway.
    ...(to === null || nameOf(to) === to ? [] : [['to', nameOf(to)] as const]),
    [`${to ?? ''} receives`, pen.bold(moneyText(received, locale))],
    ...(crosses ? [['rate', `1 ${sent.currency} = ${rate} ${received.currency}`] as const] : []),
    ...(memo === null ? [] : [['memo', memo] as const]),
    ...(balanceAfter === null ? [] : [['balance after', moneyText(balanceAfter, locale)] as const]),
  ];
  const labels = lines.map(([label]) => visible(label));
  const width = widest(labels);
  const texts = lines.map(
    ([, value], index) =>
      shown`  ${pen.dim(padEnd(labels[index] ?? '', width))}  ${wrapBeside(value, width + 4, stderr.width)}`,
  );
  return joined(texts, '\n');
}

/** The sentence about a payment that was made: "Paid 10.00 GBP to bob, who received 12.70 USD." */
export function paidText(
  payment: PaymentJson,
  isReplay: boolean,
  { locale, stderr }: Pick<Context, 'locale' | 'stderr'>,
): Shown {
  const { sent, received, to, kind } = payment;
  const got = sent.currency === received.currency ? '' : `, who received ${moneyText(received, locale)}`;
  const [did, back] = kind === 'refund' ? ['Gave', 'back '] : ['Paid', ''];
  const again = isReplay ? ' An earlier try had made it; it was not made again.' : '';
  return shown`${stderr.pen.green('✓')} ${did} ${moneyText(sent, locale)} ${back}to ${to ?? ''}${got}.${again}`;
}
