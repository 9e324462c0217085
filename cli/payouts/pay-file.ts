import { resolve } from 'node:path';
import { addAbortSignal } from 'node:stream';
import type { Context } from '../context.js';
import { Failure } from '../failure/failure.js';
import { payerOf } from '../settling/payer.js';
import { shown } from '../terminal/text/shown.js';
import { alikeLines } from './alike-lines.js';
import { beginPayout, type PayoutOptions, refuseUnpayable, type WantedPayout } from './begin-payout.js';
import { largestCall } from './calls.js';
import { forgetOld } from './earlier/forget-old.js';
import { openPayouts, ownPayouts, type PayoutJournal, type PayoutRecord } from './earlier/journal.js';
import { contentHashOf, digestLines, linesMeant } from './earlier/line-digest.js';
import { lately, paidBefore } from './earlier/paid-before.js';
import { passOverPaid } from './earlier/pass-over-paid.js';
import { paidBeforeTexts } from './earlier/warn-of-paid.js';
import { type PayoutFile, readPayoutFile, stdinPath } from './file/read-file.js';
import { madeText, refusedCountText, refusedText, shortfallText, totalsText } from './file-text.js';
import type { LineResult } from './line-result.js';
import { rehearseFile } from './rehearse-file.js';
import { sendCalls } from './send-calls.js';
import { streamResults, tabulateResults } from './show-results.js';

interface PayFileOptions extends PayoutOptions {
  readonly dryRun?: true;
}

function checkMode({ lines }: PayoutFile, mode: 'each' | 'all'): void {
  if (mode === 'all' && lines.length > largestCall) {
    throw new Failure(
      'usage',
      `--mode all pays at most ${largestCall} lines, since they are one call to the server; this file has ${lines.length}.`,
      { next: ['Split the file, or pay line by line: --mode each'] },
    );
  }
}

function refuseRefused(results: readonly LineResult[], isDryRun: boolean): void {
  const refused = results.filter(({ status }) => status === 'refused').length;
  if (refused === 0) {
    return;
  }
  throw new Failure('refused', refusedCountText(refused, results.length, isDryRun), {
    ...(!isDryRun && {
      next: ['Mend them where they are; whoever was paid is passed over with: --unpaid'],
    }),
    figures: { paid: results.length - refused, refused },
  });
}

/** The rehearsal of a payout; what would have to be asked about is told. */
async function onlyRehearse(
  context: Context,
  { file, lines, payer }: WantedPayout,
  records: readonly PayoutRecord[],
  { mode, unpaid }: PayFileOptions,
): Promise<void> {
  const { say, stderr } = context;
  const own = ownPayouts(records, payer);
  const toPay = unpaid ? await passOverPaid(context, file, lines, own) : lines;
  if (toPay.length === 0) {
    return;
  }
  const rehearsal = await rehearseFile(context, toPay, mode);
  await streamResults(context, rehearsal.results);
  await tabulateResults(context, rehearsal.results);
  await say(shown`Nothing was sent: this is what would happen.`);
  const before = paidBefore(toPay, lately(own, context.now()));
  const warnings = [
    ...alikeLines(digestLines(toPay, rehearsal.sent.currency)),
    ...paidBeforeTexts(before, file, context.now()),
  ];
  for (const text of warnings) {
    await say(shown`${stderr.pen.yellow('!')} ${text}`);
  }
  const shortfall = shortfallText(rehearsal, context);
  if (shortfall.text !== '') {
    await say(shortfall);
  }
  await say(totalsText(rehearsal, context));
  refuseUnpayable(rehearsal, context);
  refuseRefused(rehearsal.results, true);
}

async function payOut(
  context: Context,
  journal: PayoutJournal,
  wanted: WantedPayout,
  options: PayFileOptions,
): Promise<void> {
  const { say, stderr } = context;
  const { file, lines, payer } = wanted;
  const identity = { server: payer.server, user: payer.user, contentHash: contentHashOf(lines) };
  const results: LineResult[] = [];
  let replayed = 0;
  const isDone = await journal.alone(identity, async () => {
    const begun = await beginPayout(context, journal, wanted, options);
    if (begun === undefined) {
      return false;
    }
    await sendCalls(begun.lines, {
      context,
      journal,
      ...begun,
      async onResults(some, isReplay) {
        results.push(...some);
        replayed += isReplay ? some.length : 0;
        await streamResults(context, some);
      },
    });
    return true;
  });
  if (!isDone) {
    return;
  }
  await tabulateResults(context, results);
  await say(shown`${stderr.pen.green('✓')} ${madeText(results, replayed, file.path)}`);
  const refused = refusedText(results, context);
  if (refused.text !== '') {
    await say(refused);
  }
  refuseRefused(results, false);
}

/** @throws Failure (usage) where what should come through a pipe would have to be typed */
async function readWhole(
  { stdin, signal }: Context,
  path: string,
  currency: string | undefined,
): Promise<PayoutFile> {
  if (path !== stdinPath) {
    return await readPayoutFile(resolve(path), currency);
  }
  if (stdin.isTTY) {
    throw new Failure('usage', '--file - reads a pipe, and here is a terminal.', {
      next: ['Name the file: pay send --file payouts.csv'],
    });
  }
  try {
    return await readPayoutFile(path, currency, addAbortSignal(signal, stdin));
  } catch (error) {
    throw signal.aborted ? new Failure('interrupted', 'Interrupted. Nobody was paid.') : error;
  }
}

/** Pays out a file: checks it whole, shows what it comes to, asks, and pays everybody in it at most once. @throws Failure */
export async function payFile(context: Context, path: string, options: PayFileOptions): Promise<void> {
  const payer = await payerOf(context);
  const file = await readWhole(context, path, payer.currency);
  if (file.taken !== undefined) {
    await context.say(shown`${file.taken}`);
  }
  checkMode(file, options.mode);
  const journal = openPayouts(context.folder);
  const { records } = await journal.list();
  const wanted = { file, payer, lines: linesMeant(file.lines, payer, ownPayouts(records, payer)) };
  if (options.dryRun) {
    await onlyRehearse(context, wanted, records, options);
    return;
  }
  await forgetOld(journal, records, context.now());
  await payOut(context, journal, wanted, options);
}
