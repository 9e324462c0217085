import type { Context } from '../../context.js';
import { Failure } from '../../failure/failure.js';
import { shellCommand } from '../../terminal/text/shell-quote.js';
import { shown } from '../../terminal/text/shown.js';
import { fileName, type PayoutFile, stdinPath } from '../file/read-file.js';
import type { PayoutRecord } from './journal.js';
import type { DigestedLine } from './line-digest.js';
import { paidBefore } from './paid-before.js';
import { paidBeforeText } from './warn-of-paid.js';

/**
 * The lines that no earlier payout has paid.
 * @throws Failure where nothing says who was paid, or a payout that is not finished may have paid some of them
 */
export async function passOverPaid(
  context: Context,
  file: PayoutFile,
  lines: readonly DigestedLine[],
  records: readonly PayoutRecord[],
): Promise<readonly DigestedLine[]> {
  const [open] = paidBefore(
    lines,
    records.filter(({ finishedAt }) => finishedAt === null),
  );
  if (open) {
    throw new Failure('refused', `${paidBeforeText(open, file, context.now())} Nothing was sent now.`, {
      next: ['Go on with it first, with the file as it was then:', shellCommand(open.record.command)],
    });
  }
  const known = records.filter(({ digests }) => digests !== undefined);
  const paid = new Set(paidBefore(lines, known).flatMap((one) => one.lines.map(({ line }) => line)));
  const ofFile = records.filter(({ path }) => path === file.path && path !== stdinPath);
  const isKnown = ofFile.length > 0 && ofFile.every(({ digests }) => digests !== undefined);
  if (paid.size === 0 && !isKnown) {
    throw new Failure(
      'refused',
      `${fileName(file.path)}: nothing is kept here of who was paid. Nothing was sent now.`,
      {
        next: [
          'See who was paid: pay history --direction sent',
          'To pay everybody in it, leave out: --unpaid',
        ],
      },
    );
  }
  const rest = lines.filter(({ line }) => !paid.has(line));
  if (rest.length === 0) {
    await context.say(shown`Every line was paid before. Nobody is left to pay.`);
  } else if (paid.size > 0) {
    const was = paid.size === 1 ? 'was' : 'were';
    await context.say(
      shown`${paid.size} of the ${lines.length} lines ${was} paid before; this pays the rest.`,
    );
  }
  return rest;
}
