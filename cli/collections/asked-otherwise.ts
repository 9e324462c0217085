import type { MoneyJson } from '../../server/money/wire.js';
import type { Answer } from '../api/operation.js';
import type { Context } from '../context.js';
import { Failure } from '../failure/failure.js';
import { moneyText } from '../terminal/money.js';
import { type Shown, shown } from '../terminal/text/shown.js';

type Collected = Pick<Answer<'POST /v1/collections'>, 'id' | 'results'>;

/** How many of those who were asked before were asked for another amount; it is no reason to fail that this cannot be known. */
async function countAskedOtherwise(
  context: Context,
  { id, results }: Collected,
  each: MoneyJson,
): Promise<number> {
  const before = results.flatMap((one) => (one.outcome === 'asked-before' ? [one.requestId] : []));
  if (id === null || before.length === 0 || context.isJson) {
    return 0;
  }
  const isOther = ({ amount, currency }: MoneyJson) => amount !== each.amount || currency !== each.currency;
  try {
    const api = await context.api();
    const { requests } = await api.call('GET /v1/collections/{id}', { params: { id } });
    const asked = new Set(before);
    return requests.filter((request) => asked.has(request.id) && isOther(request.amount)).length;
  } catch (error) {
    if (error instanceof Failure) {
      return 0;
    }
    throw error;
  }
}

/** Says that whoever was asked for another amount before stays asked for that; nothing where nobody was. */
export async function askedOtherwiseText(
  context: Context,
  collected: Collected,
  each: MoneyJson,
): Promise<readonly Shown[]> {
  const count = await countAskedOtherwise(context, collected, each);
  if (count === 0) {
    return [];
  }
  const { locale, stderr } = context;
  const who = count === 1 ? 'One person was' : `${count} people were`;
  return [
    shown`${stderr.pen.yellow('!')} ${who} asked for another amount than ${moneyText(each, locale)} before, which stays: ${context.hint(`pay collections show ${collected.id ?? ''}`)}`,
  ];
}
