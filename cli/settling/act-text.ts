import type { PendingAct } from './pending.js';

type Fields = Readonly<Record<string, string | undefined>>;

function amountOf({ amount, currency }: Fields): string {
  return [amount, currency].filter((part) => part !== undefined).join(' ');
}

/** What an act is to have brought about, as it goes on after "whether": "bob was paid 10 GBP". */
export function actText({ path, body }: Pick<PendingAct, 'path' | 'body'>): string {
  if (path === '/v1/payouts') {
    const { items } = body as { items: readonly object[] };
    return `these ${items.length} payments of the file were made`;
  }
  const fields = body as Fields;
  const id = decodeURIComponent(path.split('/')[3] ?? '');
  if (path.endsWith('/accept')) {
    return `the request ${id} was paid`;
  }
  if (path.endsWith('/refunds')) {
    return fields.amount === undefined
      ? `the payment ${id} was given back`
      : `${fields.amount} of the payment ${id} was given back`;
  }
  if (path === '/v1/requests') {
    return `${fields.from} was asked for ${amountOf(fields)}`;
  }
  if (path === '/v1/admin/adjustments') {
    return `${fields.username} was ${fields.direction}ed ${fields.amount}`;
  }
  if (path !== '/v1/payments') {
    return `POST ${path} was done`;
  }
  return `${fields.to} was paid ${amountOf(fields)}`;
}
