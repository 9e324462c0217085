import { randomUUID } from 'node:crypto';
import type { Context } from '../context.js';
import { Failure } from '../failure/failure.js';
import type { Payer } from '../settling/payer.js';
import { settleCommand } from '../settling/settle-command.js';
import { moneyText } from '../terminal/money.js';
import { shellCommand } from '../terminal/text/shell-quote.js';
import { joined, shown } from '../terminal/text/shown.js';
import { localTime, relativeTime } from '../terminal/time.js';
import { alikeLines } from './alike-lines.js';
import { largestCall, partsOf } from './calls.js';
import { refusedText, totalsText } from './file-text.js';
import type { Identity, PayoutJournal, PayoutRecord } from './journal.js';
import { fileName, type PayoutFile, stdinPath } from './read-file.js';
import { type FileRehearsal, rehearseFile } from './rehearse-file.js';

export interface PayoutOptions {
  readonly mode: 'each' | 'all';
  readonly yes?: true;
  readonly again?: true;
}

/**
 * Refuses a payout without the funds for it, or of which nobody can be paid.
 * @throws Failure
 */
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

/** Shows what the payout would do and asks, unless that was answered on the command line. */
async function agree(context: Context, file: PayoutFile, options: PayoutOptions): Promise<void> {
  const { prompts, say } = context;
  prompts.gate(options.yes ? [] : ['--yes']);
  const alike = alikeLines(file.lines).map((text) => shown`${context.stderr.pen.yellow('!')} ${text}`);
  const rehearsal = await rehearseFile(context, file.lines, options.mode);
  const texts = [...alike, refusedText(rehearsal.results, context), totalsText(rehearsal, context)];
  await say(
    joined(
      texts.filter((text) => text.text !== ''),
      '\n',
    ),
  );
  refuseUnpayable(rehearsal, context);
  const whom = rehearsal.people === 1 ? '1 person' : `${rehearsal.people} people`;
  const message = `Pay ${whom} ${moneyText(rehearsal.sent, context.locale)} in all?`;
  if (!options.yes && !(await prompts.confirm({ message, flag: '--yes' }))) {
    throw new Failure('refused', 'Nobody was paid.');
  }
}

const isTokenAlone = (user: string) => user.startsWith('token ');

/**
 * Refuses the same contents, begun under a token that may belong to the same payer: only the keys that were made then tell
 * who was paid.
 * @throws Failure
 */
function refuseUnderOtherToken(
  others: readonly PayoutRecord[],
  { user, contentHash }: Identity,
  now: Date,
): void {
  const other = others.find(
    (one) => one.contentHash === contentHash && (isTokenAlone(one.user) || isTokenAlone(user)),
  );
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
async function warnOfChanged(
  context: Context,
  others: readonly PayoutRecord[],
  file: PayoutFile,
  { user, contentHash }: Identity,
): Promise<void> {
  const other = others.find(
    (one) =>
      one.path === file.path &&
      one.path !== stdinPath &&
      one.user === user &&
      one.contentHash !== contentHash,
  );
  if (other) {
    const when = relativeTime(other.createdAt, context.now());
    await context.prompts.show(
      shown`${context.stderr.pen.yellow('!')} ${other.path} was begun ${when} with other contents, and not paid out to its end.
  Whoever was paid then and is in this file, too, would be paid twice. To go on with that one, run it as it was:
  ${shellCommand(other.command)}`,
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
      `${fileName(path)} was paid out on ${localTime(finishedAt)}. Nothing was sent now.`,
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

export interface BegunPayout {
  readonly record: PayoutRecord;
  /** Whether an earlier command may have sent a part of the payout. */
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
): Promise<BegunPayout> {
  const identity = { server: payer.server, user: payer.user, contentHash: file.contentHash };
  const earlier = await journal.find(identity);
  if (earlier?.finishedAt === null) {
    if (earlier.mode !== options.mode) {
      throw new Failure('usage', `This file was begun with --mode ${earlier.mode} and is not finished.`, {
        next: ['Go on with it:', shellCommand(earlier.command)],
      });
    }
    const when = relativeTime(earlier.createdAt, context.now());
    await context.say(shown`This file was begun ${when}. This goes on with it; nobody is paid twice.`);
    return { record: earlier, isUnderWay: true };
  }
  if (earlier) {
    refuseFinished(earlier, options.again);
  }
  const { records, unreadable } = await journal.list();
  for (const path of unreadable) {
    await context.say(
      shown`${context.stderr.pen.yellow('!')} ${path} cannot be read: it may be of a payout that is not finished.`,
    );
  }
  const others = records.filter(({ finishedAt, server }) => finishedAt === null && server === payer.server);
  if (!options.again) {
    refuseUnderOtherToken(others, identity, context.now());
  }
  await warnOfChanged(context, others, file, identity);
  await agree(context, file, options);
  const record = newRecord(file, payer, options.mode, context.now());
  await journal.write(record);
  return { record, isUnderWay: false };
}
