import type { Context } from '../context.js';
import { Failure } from '../failure.js';
import { shellCommand } from '../render/shell-quote.js';
import { relativeTime } from '../render/time.js';
import { visible } from '../render/visible.js';
import type { Payer } from './payer.js';
import { isSamePayment, type PaymentBody, type PendingJournal } from './pending.js';

/**
 * Warns where an earlier payment of the same amount to the same person has no known outcome yet, for this one may be the
 * second. Where nobody is asked, it is refused.
 * @throws Failure (unknown) naming the command that settles the earlier one
 */
export async function warnOfEarlier(
  context: Context,
  journal: PendingJournal,
  payer: Payer,
  body: PaymentBody,
  isAsked: boolean,
): Promise<void> {
  const candidate = {
    method: 'POST',
    path: '/v1/payments',
    body,
    server: payer.server,
    user: payer.user,
  } as const;
  const earlier = (await journal.list()).find((pending) => isSamePayment(pending, candidate));
  if (earlier === undefined) {
    return;
  }
  const when = relativeTime(earlier.createdAt, context.now());
  const message = `The outcome of the same payment to ${visible(body.to)} (${when}) is not known yet.`;
  const settle = shellCommand(earlier.command);
  if (!isAsked) {
    throw new Failure('unknown', `${message} Nothing was sent now.`, {
      next: [
        'Settle it first; it pays at most once:',
        settle,
        'To pay a second time on purpose, give a key of its own: --key',
      ],
      figures: { idempotencyKey: earlier.key, settle },
    });
  }
  const { pen } = context.stderr;
  await context.prompts.show(
    `${pen.yellow('!')} ${message}\n  Settle it first, with this command, or you may pay twice:\n  ${settle}\n`,
  );
}
