import type { Context } from '../context.js';
import { Failure } from '../failure/failure.js';
import { asCalled } from '../terminal/text/as-called.js';
import { shellCommand } from '../terminal/text/shell-quote.js';
import { shown } from '../terminal/text/shown.js';
import { relativeTime } from '../terminal/time.js';
import { type ActLooks, looksTheSame, type PendingJournal } from './pending.js';

/**
 * Warns where an earlier act that looks the same has no known outcome yet, for this one may be the second. Where
 * nobody is asked, it is refused.
 * @throws Failure (unknown) naming the command that settles the earlier one
 */
export async function warnOfEarlier(
  context: Context,
  journal: PendingJournal,
  act: ActLooks,
  isAsked: boolean,
): Promise<void> {
  const earlier = (await journal.all()).find((pending) => looksTheSame(pending, act));
  if (earlier === undefined) {
    return;
  }
  const when = relativeTime(earlier.createdAt, context.now());
  const message = `It is not known yet whether ${earlier.outcome} by an earlier command (${when}).`;
  const settle = shellCommand(earlier.command);
  if (!isAsked) {
    throw new Failure('unknown', `${message} Nothing was sent now.`, {
      next: [
        'Settle it first; money moves at most once:',
        settle,
        'To do it a second time on purpose, give a key of its own: --key',
      ],
      settle,
      figures: { idempotencyKey: earlier.key },
    });
  }
  const { pen } = context.stderr;
  await context.prompts.show(
    shown`${pen.yellow('!')} ${message}\n  Settle it first, with this command, or you may pay twice:\n  ${asCalled(settle, context.calledAs)}\n`,
  );
}
