import type { Context } from '../../context.js';
import { Failure } from '../../failure/failure.js';
import { shellCommand } from '../../terminal/text/shell-quote.js';
import { joined, shown } from '../../terminal/text/shown.js';
import { clockTime } from '../../terminal/time.js';
import { fileName, type PayoutFile, stdinPath } from '../file/read-file.js';
import type { DigestedLine } from './line-digest.js';
import type { PaidBefore } from './paid-before.js';

const mostPayouts = 3;
const mostLines = 10;

function lineTexts(lines: readonly DigestedLine[]): string {
  const texts = lines
    .slice(0, mostLines)
    .map(({ line, to, amount, currency }) =>
      [`line ${line}`, to, amount, ...(currency === undefined ? [] : [currency])].join(' '),
    );
  return `${texts.join(', ')}${lines.length > mostLines ? ', …' : ''}`;
}

function howMany(count: number, total: number): string {
  if (count === total) {
    return total === 1 ? 'Its one line' : `All ${total} of its lines`;
  }
  return `${count} of its ${total} lines`;
}

/** What is known of lines that an earlier payout has paid or may have, as a sentence, which is not made visible yet. */
export function paidBeforeText(
  { record, lines }: PaidBefore,
  file: Pick<PayoutFile, 'path' | 'lines'>,
  now: Date,
): string {
  const { path, createdAt, finishedAt } = record;
  const isThis = path === file.path && path !== stdinPath;
  const which = isThis ? 'this file' : path === stdinPath ? 'what came through stdin' : path;
  const count = howMany(lines.length, file.lines.length);
  const what =
    finishedAt === null
      ? `may have been paid by ${which}, which was begun at ${clockTime(createdAt, now)} and not paid out to its end`
      : `${lines.length === 1 ? 'was' : 'were'} paid by ${which} at ${clockTime(finishedAt, now)}`;
  return `${count} ${what}: ${lineTexts(lines)}.`;
}

/** The same of the latest payouts that had lines of the file. */
export const paidBeforeTexts = (
  before: readonly PaidBefore[],
  file: Pick<PayoutFile, 'path' | 'lines'>,
  now: Date,
): readonly string[] => before.slice(0, mostPayouts).map((one) => paidBeforeText(one, file, now));

function waysOut(before: readonly PaidBefore[], others: number): readonly string[] {
  const open = before.find(({ record }) => record.finishedAt === null)?.record;
  const onlyOthers =
    others === 0
      ? []
      : [`To pay only ${others === 1 ? 'the other line' : `the other ${others}`}, add: --unpaid`];
  return [
    ...(open
      ? ['Go on with what was begun, with the file as it was then:', shellCommand(open.command)]
      : onlyOthers),
    'To pay everybody in it on purpose, add: --again',
  ];
}

/**
 * Asks about lines that earlier payouts have paid or may have. Where nobody is asked, the file is refused.
 * @throws Failure
 */
export async function warnOfPaid(
  context: Context,
  file: PayoutFile,
  before: readonly PaidBefore[],
  { yes }: { readonly yes?: true },
): Promise<void> {
  if (before.length === 0) {
    return;
  }
  const { prompts, stderr } = context;
  const texts = paidBeforeTexts(before, file, context.now());
  const paid = before.reduce((sum, { lines }) => sum + lines.length, 0);
  const next = waysOut(before, file.lines.length - paid);
  if (yes || !prompts.canAsk) {
    throw new Failure('refused', `${fileName(file.path)} would pay again. Nothing was sent now.`, {
      below: texts,
      next,
      figures: { paidBefore: before.flatMap(({ lines }) => lines.map(({ line }) => line)) },
    });
  }
  await prompts.show(
    joined(
      texts.map((text) => shown`${stderr.pen.yellow('!')} ${text}`),
      '\n',
    ),
  );
  if (!(await prompts.confirm({ message: 'Pay everybody in it all the same?', flag: '--again' }))) {
    throw new Failure('refused', 'Nobody was paid.', { next });
  }
}
