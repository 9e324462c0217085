import type { Context } from '../../context.js';
import { Failure } from '../../failure/failure.js';
import type { Payer } from '../../settling/payer.js';
import { asCalled } from '../../terminal/text/as-called.js';
import { shellCommand } from '../../terminal/text/shell-quote.js';
import { shown } from '../../terminal/text/shown.js';
import { localTime, relativeTime } from '../../terminal/time.js';
import { fileName, type PayoutFile, stdinPath } from '../file/read-file.js';
import type { PayoutRecord } from './journal.js';
import { contentHashOf, digestLines } from './line-digest.js';

/** Whether a record is of what the file says, or of the file as it is, which is all that earlier versions knew. */
const isOf = ({ contentHash, currency }: PayoutRecord, { lines, bytesHash }: PayoutFile): boolean =>
  contentHash === bytesHash || contentHash === contentHashOf(digestLines(lines, currency));

const isTokenAlone = (user: string) => user.startsWith('token ');

/**
 * Refuses the same contents, begun under a token that may belong to the same payer: only the keys that were made then tell
 * who was paid.
 * @throws Failure
 */
export function refuseUnderOtherToken(
  others: readonly PayoutRecord[],
  file: PayoutFile,
  { user }: Payer,
  now: Date,
): void {
  const other = others.find((one) => (isTokenAlone(one.user) || isTokenAlone(user)) && isOf(one, file));
  if (other) {
    throw new Failure(
      'refused',
      `${fileName(other.path)} was begun ${relativeTime(other.createdAt, now)} with another token, and not paid out to its end. Nothing was sent now.`,
      {
        next: [
          'Go on with it, with the token that it was begun with:',
          shellCommand(other.command),
          'If somebody else pays it this time, or everybody is to be paid anew, add: --again',
        ],
      },
    );
  }
}

/** Warns of a payout of the same file, changed since, that was not finished. */
export async function warnOfChanged(
  context: Context,
  others: readonly PayoutRecord[],
  file: PayoutFile,
  { user }: Payer,
): Promise<void> {
  const other = others.find(
    (one) => one.path === file.path && one.path !== stdinPath && one.user === user && !isOf(one, file),
  );
  if (other) {
    const when = relativeTime(other.createdAt, context.now());
    await context.prompts.show(
      shown`${context.stderr.pen.yellow('!')} ${other.path} was begun ${when} with other contents, and not paid out to its end.
  Whoever was paid then and is in this file, too, would be paid twice. To go on with that one, run it as it was:
  ${asCalled(shellCommand(other.command), context.calledAs)}`,
    );
  }
}

/**
 * Refuses what was paid out to its end.
 * @throws Failure
 */
export function refuseFinished({ path, finishedAt, digests }: PayoutRecord, { lines }: PayoutFile): void {
  if (finishedAt === null) {
    return;
  }
  const unpaid = digests === undefined ? 0 : lines.length - digests.length;
  const onlyUnpaid =
    unpaid > 0 ? [`To pay only what was refused then (${unpaid} of ${lines.length}), add: --unpaid`] : [];
  throw new Failure(
    'refused',
    `${fileName(path)} was paid out on ${localTime(finishedAt)}. Nothing was sent now.`,
    {
      next: [
        'See it: pay history --direction sent',
        ...onlyUnpaid,
        'To pay everybody in it once more on purpose, add: --again',
      ],
      figures: { finishedAt },
    },
  );
}
