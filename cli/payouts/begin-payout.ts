import { randomUUID } from 'node:crypto';
import type { Context } from '../context.js';
import { Failure } from '../failure/failure.js';
import type { Payer } from '../settling/payer.js';
import { settleCommand } from '../settling/settle-command.js';
import { moneyText } from '../terminal/money.js';
import { counted } from '../terminal/text/counted.js';
import { shellCommand } from '../terminal/text/shell-quote.js';
import { joined, shown } from '../terminal/text/shown.js';
import { relativeTime } from '../terminal/time.js';
import { alikeLines } from './alike-lines.js';
import { largestCall, partsOf } from './calls.js';
import { refuseFinished, refuseUnderOtherToken, warnOfChanged } from './earlier/earlier-payouts.js';
import { ownPayouts, type PayoutJournal, type PayoutRecord } from './earlier/journal.js';
import { contentHashOf, type DigestedLine, digestLines } from './earlier/line-digest.js';
import { lately, linesAsSent, paidBefore } from './earlier/paid-before.js';
import { passOverPaid } from './earlier/pass-over-paid.js';
import { warnOfPaid } from './earlier/warn-of-paid.js';
import { itemOf, type PayoutLine } from './file/payout-line.js';
import type { PayoutFile } from './file/read-file.js';
import { refusedText, shortfallText, totalsText } from './file-text.js';
import { type FileRehearsal, rehearseFile } from './rehearse-file.js';

export interface PayoutOptions {
  readonly mode: 'each' | 'all';
  readonly yes?: true;
  readonly again?: true;
  readonly unpaid?: true;
}

/**
 * Refuses a payout of which nobody can be paid.
 * @throws Failure
 */
export function refuseUnpayable(rehearsal: FileRehearsal, { locale }: Pick<Context, 'locale'>): void {
  const { missing, available, results } = rehearsal;
  if (results.some(({ status }) => status !== 'refused')) {
    return;
  }
  if (missing !== undefined) {
    throw new Failure(
      'refused',
      `You have ${moneyText(available, locale)}, ${moneyText(missing, locale)} too little for the whole file. Nothing was paid.`,
      { next: ['See what you have: pay balance'], figures: { available, missing } },
    );
  }
  throw new Failure('refused', 'Nobody in this file can be paid. Nothing was sent.');
}

/** Shows what the payout would do and asks, unless that was answered on the command line. */
async function agree(
  context: Context,
  lines: readonly DigestedLine[],
  options: PayoutOptions,
): Promise<FileRehearsal> {
  const { prompts, say } = context;
  prompts.gate(options.yes ? [] : ['--yes']);
  const alike = alikeLines(lines).map((text) => shown`${context.stderr.pen.yellow('!')} ${text}`);
  const rehearsal = await rehearseFile(context, lines, options.mode);
  const texts = [
    ...alike,
    refusedText(rehearsal.results, context),
    shortfallText(rehearsal, context),
    totalsText(rehearsal, context),
  ];
  await say(
    joined(
      texts.filter((text) => text.text !== ''),
      '\n',
    ),
  );
  refuseUnpayable(rehearsal, context);
  const whom = counted(rehearsal.people, 'person', 'people');
  const message = `Pay ${whom} ${moneyText(rehearsal.sent, context.locale)} in all?`;
  if (!options.yes && !(await prompts.confirm({ message, flag: '--yes' }))) {
    throw new Failure('refused', 'Nobody was paid.');
  }
  return rehearsal;
}

/** A payout that somebody wants: of which lines of which file, and by whom. */
export interface WantedPayout {
  readonly file: PayoutFile;
  readonly lines: readonly DigestedLine[];
  readonly payer: Payer;
}

function newRecord(
  { file, payer, lines }: WantedPayout,
  { mode, unpaid }: PayoutOptions,
  toPay: readonly DigestedLine[],
  currency: string,
  now: Date,
): PayoutRecord {
  const { server, user } = payer;
  const flags = { '--file': file.path, '--mode': mode, '--unpaid': unpaid };
  const paying = new Set(toPay.map(({ line }) => line));
  const passedOver = lines.filter(({ line }) => !paying.has(line));
  return {
    contentHash: contentHashOf(digestLines(toPay, currency)),
    path: file.path,
    mode,
    callSize: largestCall,
    keys: partsOf(toPay, largestCall).map(() => randomUUID()),
    items: toPay.map(itemOf),
    digests: digestLines(passedOver, currency).map(({ digest }) => digest),
    currency,
    server,
    user,
    createdAt: now.toISOString(),
    finishedAt: null,
    command: settleCommand({ verb: ['send'], operands: [], flags }, undefined, payer),
  };
}

export interface BegunPayout {
  readonly record: PayoutRecord;
  /** The lines that are paid, in the order in which they are sent. */
  readonly lines: readonly PayoutLine[];
  /** Whether an earlier command may have sent a part of the payout. */
  readonly isUnderWay: boolean;
}

async function goOn(
  { say, now }: Context,
  record: PayoutRecord,
  lines: readonly DigestedLine[],
  mode: 'each' | 'all',
): Promise<BegunPayout> {
  if (record.mode !== mode) {
    throw new Failure('usage', `This file was begun with --mode ${record.mode} and is not finished.`, {
      next: ['Go on with it:', shellCommand(record.command)],
    });
  }
  const when = relativeTime(record.createdAt, now());
  await say(shown`This file was begun ${when}. This goes on with it; nobody is paid twice.`);
  return { record, lines, isUnderWay: true };
}

/** What earlier versions kept knows a file by its bytes, so that its lines are those that were sent. */
const linesUnderWay = (record: PayoutRecord, lines: readonly DigestedLine[]) =>
  record.items === undefined ? lines : linesAsSent(record, lines);

/**
 * Looks at every earlier payout that has lines of this one.
 * @returns the lines that are to be paid
 * @throws Failure
 */
async function chooseLines(
  context: Context,
  records: readonly PayoutRecord[],
  { file, lines, payer }: WantedPayout,
  options: PayoutOptions,
): Promise<readonly DigestedLine[]> {
  const own = ownPayouts(records, payer);
  if (options.unpaid) {
    return await passOverPaid(context, file, lines, own);
  }
  const open = records.filter(({ finishedAt, server }) => finishedAt === null && server === payer.server);
  if (!options.again) {
    refuseUnderOtherToken(open, file, payer, context.now());
  }
  await warnOfChanged(context, open, file, payer);
  if (!options.again) {
    await warnOfPaid(context, file, paidBefore(lines, lately(own, context.now())), options);
  }
  return lines;
}

/**
 * The payout of a file: one that an earlier command did not finish, or a new one that was agreed to, its keys on the disk;
 * undefined where nobody is left to pay.
 * @throws Failure
 */
export async function beginPayout(
  context: Context,
  journal: PayoutJournal,
  wanted: WantedPayout,
  options: PayoutOptions,
): Promise<BegunPayout | undefined> {
  const { file, lines, payer } = wanted;
  const { server, user } = payer;
  const hashes = [contentHashOf(lines), file.bytesHash];
  const same = (
    await Promise.all(hashes.map((contentHash) => journal.find({ server, user, contentHash })))
  ).filter((record) => record !== undefined);
  const { records, unreadable } = await journal.list();
  const parts = options.unpaid
    ? ownPayouts(records, payer).filter(({ path, items }) => path === file.path && items !== undefined)
    : [];
  for (const record of [...same, ...parts]) {
    const sent = record.finishedAt === null ? linesUnderWay(record, lines) : undefined;
    if (sent) {
      return await goOn(context, record, sent, options.mode);
    }
  }
  const [finished] = same;
  if (finished && !options.again && !options.unpaid) {
    refuseFinished(finished, file);
  }
  for (const path of unreadable) {
    await context.say(
      shown`${context.stderr.pen.yellow('!')} ${path} cannot be read: it may be of a payout that is not finished.`,
    );
  }
  const toPay = await chooseLines(context, records, wanted, options);
  if (toPay.length === 0) {
    return undefined;
  }
  const { sent } = await agree(context, toPay, options);
  const record = newRecord(wanted, options, toPay, sent.currency, context.now());
  await journal.write(record);
  return { record, lines: toPay, isUnderWay: false };
}
