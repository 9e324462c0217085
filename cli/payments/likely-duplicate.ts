import type { PaymentJson } from '../../server/features/payments/wire.js';
import { isRefusedFor } from '../api/verdict.js';
import type { Context } from '../context.js';
import { Failure } from '../failure.js';
import { moneyText } from '../terminal/money.js';
import { relativeTime } from '../terminal/time.js';
import { visible } from '../terminal/visible.js';
import type { PaymentBody } from './payment-act.js';
import { rehearse } from './rehearse.js';

/** The id of the earlier payment that a refused one looks like; undefined for any other error. */
export function duplicateOf(error: unknown): string | undefined {
  const id = isRefusedFor(error, 'POSSIBLE_DUPLICATE') ? error.details.problem?.duplicateOf : undefined;
  return typeof id === 'string' ? id : undefined;
}

/** The same failure; of a likely duplicate, with the flag that says it is meant. */
export function namingDuplicateFlag(error: unknown, now: Date): unknown {
  const id = duplicateOf(error);
  if (!(error instanceof Failure) || id === undefined) {
    return error;
  }
  const paidAt = String(error.details.problem?.paidAt ?? '');
  return new Failure(
    error.kind,
    `You have paid the same already (${visible(relativeTime(paidAt, now))}). Nothing was paid now.`,
    {
      ...error.details,
      next: [
        `Look at that one: pay show ${visible(id)}`,
        `To pay a second time on purpose, add: --confirm-duplicate ${visible(id)}`,
      ],
    },
  );
}

function earlierText(payment: PaymentJson, { locale, now, stderr }: Context): string {
  const memo = payment.memo === null ? '' : ` (${visible(payment.memo)})`;
  return (
    `${stderr.pen.yellow('!')} You paid ${visible(payment.to ?? '')} ${moneyText(payment.sent, locale)}${memo} ` +
    `${relativeTime(payment.createdAt, now())}: ${visible(payment.id ?? '')}`
  );
}

export interface Rehearsed {
  readonly shown: PaymentJson;
  /** What was rehearsed; where it looks like an earlier payment, it says that it is meant besides that. */
  readonly body: PaymentBody;
}

/** Rehearses a payment. Where it looks like one made just before, that one is shown first. */
export async function rehearseBesides(context: Context, body: PaymentBody): Promise<Rehearsed> {
  const api = await context.api();
  try {
    return { shown: await rehearse(api, body), body };
  } catch (error) {
    const id = duplicateOf(error);
    if (id === undefined || id === body.confirmDuplicateOf) {
      throw error;
    }
    const earlier = await api.json<PaymentJson>({
      method: 'GET',
      path: `/v1/payments/${encodeURIComponent(id)}`,
    });
    await context.prompts.show(earlierText(earlier, context));
    return await rehearseBesides(context, { ...body, confirmDuplicateOf: id });
  }
}
