import { adjustmentAct } from '../admin/payments/adjustment.js';
import type { Call } from '../api/call.js';
import { type KeyedName, paramsIn } from '../api/operation.js';
import { collectionAct } from '../collections/collection-act.js';
import { paymentAct, refundAct } from '../payments/payment-act.js';
import { payoutAct } from '../payouts/calls.js';
import { acceptanceAct, requestAct } from '../requests/request-act.js';
import type { ActDescription } from '../settling/pending.js';

/** The body as it was typed: the server has not judged it, so that any member may be missing or of another kind. */
type Body = Readonly<Record<string, unknown>>;
type Describe = (body: Body, id: string) => ActDescription;

const text = (value: unknown) => String(value);
const textIfGiven = (name: string, value: unknown) => (value === undefined ? {} : { [name]: text(value) });

/** The operations that take an Idempotency-Key, because they move money or ask somebody for it. */
const keyed: Readonly<Record<KeyedName, Describe>> = {
  'POST /v1/payments': ({ to, amount, currency }) =>
    paymentAct({ to: text(to), amount: text(amount), ...textIfGiven('currency', currency) }),
  'POST /v1/payments/{id}/refunds': ({ amount }, id) => refundAct(id, textIfGiven('amount', amount)),
  'POST /v1/payouts': ({ items }) => payoutAct({ items: Array.isArray(items) ? items : [] }),
  'POST /v1/requests': ({ from, amount, currency }) =>
    requestAct({ from: text(from), amount: text(amount), ...textIfGiven('currency', currency) }),
  'POST /v1/collections': ({ name }) => collectionAct({ name: text(name) }),
  'POST /v1/requests/{id}/accept': (_body, id) => acceptanceAct(id),
  'POST /v1/admin/adjustments': ({ username, amount, direction }) =>
    adjustmentAct({
      username: text(username),
      amount: text(amount),
      direction: direction === 'debit' ? 'debit' : 'credit',
    }),
};

/** The act that a call is, where it must happen at most once; undefined for any other, and for a rehearsal. */
export function actOfCall({ method, path, body = {} }: Call): ActDescription | undefined {
  const typed = body as Body;
  if (typed.dryRun === true) {
    return undefined;
  }
  for (const [name, describe] of Object.entries(keyed)) {
    const params = paramsIn(name, { method, path });
    if (params) {
      return describe(typed, params.id ?? '');
    }
  }
  return undefined;
}
