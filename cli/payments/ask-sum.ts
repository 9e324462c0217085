import { findMe } from '../account/find-me.js';
import type { Context } from '../context.js';
import { withPoint } from '../terminal/amount.js';
import { moneyText } from '../terminal/money.js';
import type { Part } from '../terminal/text/shown.js';
import type { Partner } from './ask-partner.js';
import { type Preview, preview, type Sides } from './preview.js';
import { type TypedSum, typedSum } from './typed-sum.js';

/** Whether the amount goes to the partner or is to come from them. */
export type Flow = 'pay' | 'ask';

function previewText(seen: Preview, flow: Flow, { username }: Partner, { locale, stderr }: Context): Part {
  if ('fault' in seen) {
    return stderr.pen.dim(seen.fault);
  }
  if ('amount' in seen) {
    return moneyText(seen.amount, locale);
  }
  const name = username;
  const [sent, received] = [moneyText(seen.sent, locale), moneyText(seen.received, locale)];
  return flow === 'pay'
    ? `you pay ${sent}, ${name} receives ${received}`
    : `${name} pays ${sent}, you receive ${received}`;
}

/** The amount typed so far, without the point or the letters that more is to follow. */
function soFar(text: string): string {
  return text.replace(/(?:[.,٫]|(?<![A-Za-z])\s*[A-Za-z]{1,2})$/, '');
}

/**
 * Asks how much, and shows while it is typed what it is on both sides, at the server's rates. An amount may have a currency behind
 * it, the partner's for instance.
 */
export async function askSum(
  context: Context,
  partner: Partner,
  flow: Flow,
  usual: string,
): Promise<TypedSum> {
  context.prompts.gate(['<amount>']);
  const api = await context.api();
  const [{ currency: own }, { data: currencies }] = await Promise.all([
    findMe(context),
    api.call('GET /v1/currencies', { isAnonymous: true }),
  ]);
  const [payer, receiver] = flow === 'pay' ? [own, partner.currency] : [partner.currency, own];
  const sides: Sides = { currencies, payer, receiver, usual };
  const sumOf = (text: string): TypedSum => {
    const { amount, currency } = typedSum(text);
    const digits = currencies.find(({ code }) => code === (currency ?? usual))?.digits;
    return { amount: withPoint(amount, digits, context.locale), ...(currency !== undefined && { currency }) };
  };
  const answer = await context.prompts.typed({
    message: `How much (${usual}):`,
    flag: '<amount>',
    below: (text) =>
      text === '' ? '' : previewText(preview(sumOf(soFar(text)), sides), flow, partner, context),
    validate: (text) => {
      const seen = preview(sumOf(text), sides);
      return 'fault' in seen ? seen.fault : true;
    },
  });
  return sumOf(answer);
}
