import { randomUUID } from 'node:crypto';
import type { Context } from '../context.js';
import { Failure } from '../failure.js';
import type { Payer } from '../payments/payer.js';
import { settleCommand } from '../payments/settle-command.js';
import { moneyText } from '../render/money.js';
import { shellCommand } from '../render/shell-quote.js';
import { localTime, relativeTime } from '../render/time.js';
import { visible } from '../render/visible.js';
import { alikeLines } from './alike-lines.js';
import { largestCall, partsOf } from './calls.js';
import { refusedText, totalsText } from './file-text.js';
import type { Identity, PayoutJournal, PayoutRecord } from './journal.js';
import type { PayoutFile } from './read-file.js';
import { type FileRehearsal, rehearseFile } from './rehearse-file.js';

export interface PayoutOptions {
  readonly mode: 'each' | 'all';
  readonly yes?: true;
  readonly again?: true;
}

/** @throws Failure where it cannot be paid out as it is meant */
export function refuseUnpayable(rehearsal: FileRehearsal, { locale }: Pick<Context, 'locale'>): void {
  const { missing, available, results } = rehearsal;
  if (missing !== undefined) {
    throw new Failure(
      'refused',
      `You have ${moneyText(available, locale)}, ${moneyText(missing, locale)} too little for the whole file. Nothing was paid.`,
      { next: ['See what you have: pay balance'], figures: { available, missing } },
    );
  }
  if (results.every(({ status }) => status === 'refused')) {
    throw new Failure('refused', 'Nobody in this file can be paid. Nothing was sent.');
  }
}

/** Shows what would happen and asks, unless that was answered on the command line. */
async function agree(context: Context, file: PayoutFile, options: PayoutOptions): Promise<void> {
  const { prompts, say } = context;
  prompts.gate(options.yes ? [] : ['--yes']);
  const alike = alikeLines(file.lines).map((text) => `${context.stderr.pen.yellow('!')} ${text}`);
  const rehearsal = await rehearseFile(context, file.lines, options.mode);
  const texts = [...alike, refusedText(rehearsal.results, context), totalsText(rehearsal, context)];
  await say(texts.filter((text) => text !== '').join('\n'));
  refuseUnpayable(rehearsal, context);
  const whom = rehearsal.people === 1 ? '1 person' : `${rehearsal.people} people`;
  const message = `Pay ${whom} ${moneyText(rehearsal.sent, context.locale)} in all?`;
  if (!options.yes && !(await prompts.confirm({ message, flag: '--yes' }))) {
    throw new Failure('refused', 'Nobody was paid.');
  }
}

/** Warns of a payout of the same file, changed since, or by another token, that was not finished. */
async function warnOfOther(context: Context, journal: PayoutJournal, file: PayoutFile, identity: Identity) {
  const others = await journal.list();
  const other = others.find(
    ({ finishedAt, path, server, user, contentHash }) =>
      finishedAt === null &&
      server === identity.server &&
      (path === file.path ? contentHash !== file.contentHash : contentHash === file.contentHash) &&
      (user === identity.user || contentHash === file.contentHash),
  );
  if (other) {
    const when = relativeTime(other.createdAt, context.now());
    await context.prompts.show(
      `${context.stderr.pen.yellow('!')} ${visible(other.path)} was begun ${when} with other contents or another token, and not paid out to its end.\n` +
        '  Whoever was paid then and is in this file, too, would be paid twice. To go on with that one, run it as it was:\n' +
        `  ${shellCommand(other.command)}`,
    );
  }
}

function newRecord(file: PayoutFile, payer: Payer, mode: 'each' | 'all', now: Date): PayoutRecord {
  const { server, user } = payer;
  const flags = { '--file': file.path, '--mode': mode };
  return {
    contentHash: file.contentHash,
    path: file.path,
    mode,
    callSize: largestCall,
    keys: partsOf(file.lines, largestCall).map(() => randomUUID()),
    server,
    user,
    createdAt: now.toISOString(),
    finishedAt: null,
    command: settleCommand({ verb: ['send'], operands: [], flags }, undefined, payer),
  };
}

function refuseFinished({ path, finishedAt }: PayoutRecord, again: true | undefined): void {
  if (finishedAt !== null && !again) {
    throw new Failure(
      'refused',
      `${visible(path)} was paid out on ${localTime(finishedAt)}. Nothing was sent now.`,
      {
        next: [
          'See it: pay history --direction sent',
          'To pay everybody in it once more on purpose, add: --again',
        ],
        figures: { finishedAt },
      },
    );
  }
}

export interface Begun {
  readonly record: PayoutRecord;
  /** Whether an earlier command may have sent some of it. */
  readonly isUnderWay: boolean;
}

/**
 * The payout of a file: one that an earlier command did not finish, or a new one that was agreed to, its keys on the disk.
 * @throws Failure
 */
export async function beginPayout(
  context: Context,
  journal: PayoutJournal,
  { file, payer }: { readonly file: PayoutFile; readonly payer: Payer },
  options: PayoutOptions,
): Promise<Begun> {
  const identity = { server: payer.server, user: payer.user, contentHash: file.contentHash };
  const earlier = await journal.find(identity);
  if (earlier?.finishedAt === null) {
    if (earlier.mode !== options.mode) {
      throw new Failure('usage', `This file was begun with --mode ${earlier.mode} and is not finished.`, {
        next: ['Go on with it:', shellCommand(earlier.command)],
      });
    }
    const when = relativeTime(earlier.createdAt, context.now());
    await context.say(`This file was begun ${when}. This goes on with it; nobody is paid twice.`);
    return { record: earlier, isUnderWay: true };
  }
  if (earlier) {
    refuseFinished(earlier, options.again);
  }
  await warnOfOther(context, journal, file, identity);
  await agree(context, file, options);
  const record = newRecord(file, payer, options.mode, context.now());
  await journal.write(record);
  return { record, isUnderWay: false };
}
