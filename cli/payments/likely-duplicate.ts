import { isRefusedFor } from '../api/verdict.js';
import type { Context } from '../context.js';
import { Failure } from '../failure/failure.js';
import { moneyText } from '../terminal/money.js';
import { type Shown, shown } from '../terminal/text/shown.js';
import { relativeTime } from '../terminal/time.js';

/** The id of the earlier act that a refused one looks like; undefined for any other error. */
export function duplicateOf(error: unknown): string | undefined {
  const id = isRefusedFor(error, 'POSSIBLE_DUPLICATE') ? error.details.problem?.duplicateOf : undefined;
  return typeof id === 'string' ? id : undefined;
}

/** The words for a kind of act where it looks like an earlier one. */
export interface DuplicateWords {
  /** As it goes on after "You have": "paid the same". */
  readonly done: string;
  readonly nothing: string;
  /** As it goes on after "To": "pay a second time". */
  readonly again: string;
}

export const paidAlready: DuplicateWords = {
  done: 'paid the same',
  nothing: 'Nothing was paid now.',
  again: 'pay a second time',
};

export const refundedAlready: DuplicateWords = {
  done: 'given the same back',
  nothing: 'Nothing was given back now.',
  again: 'give it back a second time',
};

export const askedAlready: DuplicateWords = {
  done: 'asked for the same',
  nothing: 'Nobody was asked now.',
  again: 'ask a second time',
};

/** The same failure; of a likely duplicate, with the flag that says it is meant. */
export function namingDuplicateFlag(error: unknown, now: Date, words: DuplicateWords): unknown {
  const id = duplicateOf(error);
  if (!(error instanceof Failure) || id === undefined) {
    return error;
  }
  const { paidAt, askedAt } = error.details.problem ?? {};
  const show = id.startsWith('req_') ? 'pay requests show' : 'pay show';
  return new Failure(
    error.kind,
    `You have ${words.done} already (${relativeTime(String(paidAt ?? askedAt ?? ''), now)}). ${words.nothing}`,
    {
      ...error.details,
      next: [
        `Look at that one: ${show} ${id}`,
        `To ${words.again} on purpose, add: --confirm-duplicate ${id}`,
      ],
    },
  );
}

const memoText = (memo: string | null) => (memo === null ? '' : ` (${memo})`);

/** The earlier act, as the person is reminded of it: "You paid bob £10.00 (lunch) 2 minutes ago: pay_…". */
async function earlierText(context: Context, id: string): Promise<Shown> {
  const { locale, now, stderr } = context;
  const api = await context.api();
  const mark = stderr.pen.yellow('!');
  if (id.startsWith('req_')) {
    const { payer, amount, memo, createdAt } = await api.call('GET /v1/requests/{id}', { params: { id } });
    return shown`${mark} You asked ${payer} for ${moneyText(amount, locale)}${memoText(memo)} ${relativeTime(createdAt, now())}: ${id}`;
  }
  const payment = await api.call('GET /v1/payments/{id}', { params: { id } });
  const { kind, to, sent, received, memo, createdAt } = payment;
  const did =
    kind === 'refund'
      ? `gave ${to ?? ''} ${moneyText(received, locale)} back`
      : `paid ${to ?? ''} ${moneyText(sent, locale)}`;
  return shown`${mark} You ${did}${memoText(memo)} ${relativeTime(createdAt, now())}: ${id}`;
}

/** A body that can say that the act is meant besides an earlier one. */
export interface ConfirmableBody {
  readonly confirmDuplicateOf?: string;
}

export interface Rehearsed<Body, Judged> {
  readonly judged: Judged;
  /** What was rehearsed; where it looks like an earlier act, it says that it is meant besides that. */
  readonly body: Body;
}

/** Rehearses an act. Where it looks like one done just before, that one is shown first. */
export async function rehearseBesides<Body extends ConfirmableBody, Judged>(
  context: Context,
  body: Body,
  rehearse: (body: Body) => Promise<Judged>,
): Promise<Rehearsed<Body, Judged>> {
  try {
    return { judged: await rehearse(body), body };
  } catch (error) {
    const id = duplicateOf(error);
    if (id === undefined || id === body.confirmDuplicateOf) {
      throw error;
    }
    await context.prompts.show(await earlierText(context, id));
    return await rehearseBesides(context, { ...body, confirmDuplicateOf: id }, rehearse);
  }
}
