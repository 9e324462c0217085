import type { Command } from 'commander';
import type { RequestJson } from '../../server/features/requests/wire.js';
import { findMe } from '../account/find-me.js';
import { requestShape } from '../api/shapes.js';
import type { Run, Start } from '../command.js';
import type { Context } from '../context.js';
import { Failure } from '../failure/failure.js';
import { withExamples } from '../help/help.js';
import { askedAlready, duplicateOf, namingDuplicateFlag } from '../payments/likely-duplicate.js';
import type { Payer } from '../settling/payer.js';
import { payerOf } from '../settling/payer.js';
import { moneyText } from '../terminal/money.js';
import { cardRows, cardText, show, showList } from '../terminal/show.js';
import { shellCommand } from '../terminal/text/shell-quote.js';
import { shown } from '../terminal/text/shown.js';
import { askShares, type ShareEnd } from './ask-shares.js';
import { askTerms } from './ask-terms.js';
import { billText } from './bill-text.js';
import { type Bill, openBills, type RequestBody } from './bills.js';
import type { FoundBill } from './find-bill.js';
import { findBill } from './find-bill.js';
import type { BillOptions, BillTerms } from './make-bill.js';
import { makeBill } from './make-bill.js';
import type { RehearsedRequest } from './rehearse-bill.js';
import { checkShares, findEarlierRequests, rehearseRequest } from './rehearse-bill.js';
import {
  requestCellNames,
  requestCells,
  requestColumns,
  requestFields,
  showRequest,
  sideNames,
} from './request-text.js';

interface RequestOptions extends BillOptions {
  readonly qr?: true;
  readonly yes?: true;
  readonly dryRun?: true;
}

async function agree(
  context: Context,
  bill: Bill,
  terms: BillTerms,
  options: RequestOptions,
  isAgain: boolean,
): Promise<void> {
  await context.prompts.show(billText(bill, terms, options.includeMe === true, context));
  const again = isAgain ? ' again' : '';
  const message = bill.shares.length === 1 ? `Ask${again}?` : `Ask these ${bill.shares.length}${again}?`;
  if (!(await context.prompts.confirm({ message, flag: '--yes' }))) {
    throw new Failure('refused', 'Nobody was asked.');
  }
}

/**
 * The bill as the person agrees to it: one that is shared, and one that looks like a request of just before, are shown
 * first. Nothing moves by asking, and it can be taken back: for anything else the command line is enough.
 */
async function agreedBill(
  context: Context,
  { bill, isUnderWay }: FoundBill,
  payer: Payer,
  terms: BillTerms,
  options: RequestOptions,
): Promise<Bill> {
  if (options.yes || !context.prompts.canAsk) {
    if (bill.shares.length > 1 && !isUnderWay) {
      await checkShares(context, bill);
    }
    return bill;
  }
  const besides = isUnderWay ? undefined : await findEarlierRequests(context, bill);
  const isAgain = besides !== undefined;
  const agreed = isAgain
    ? makeBill(terms, { ...options, confirmDuplicate: besides }, payer, context.now())
    : bill;
  if (options.split || isAgain) {
    await agree(context, agreed, terms, options, isAgain);
  }
  return agreed;
}

function requestsOf(ends: readonly ShareEnd[]): RequestJson[] {
  return ends.flatMap((end) => ('request' in end ? [end.request] : []));
}

async function showRequests(
  context: Context,
  requests: readonly (RequestJson | RehearsedRequest)[],
  isSplit: boolean,
): Promise<void> {
  const [only] = requests;
  if (!isSplit && only) {
    await showRequest(context, only);
    return;
  }
  const { username } = await findMe(context);
  await showList(context, {
    rows: requests,
    columns: requestColumns(context, requests, username, await sideNames(context, requests)),
    machine: (request) => requestCells(request, username),
    names: requestCellNames,
    empty: 'Nobody was asked.',
  });
}

/** Shows a request with a link to pay the same, as a code for cameras. */
async function showWithLink(context: Context, request: RequestJson): Promise<void> {
  const { linkText } = await import('../links/payto.js');
  const { linkPicture } = await import('../links/link-picture.js');
  const { server } = await context.account();
  const { requester: user, amount: sum, memo } = request;
  const link = linkText({ server, user, sum, message: memo ?? undefined });
  const fields = requestFields(request, context, await sideNames(context, [request]));
  await show(context, {
    json: { ...request, link },
    people: async () => shown`${await cardText(context, fields)}\n${linkPicture(link, context)}`,
    machine: () => [...cardRows(fields), ['link', link]],
  });
}

async function showAsked(
  context: Context,
  requests: readonly RequestJson[],
  { split, qr }: RequestOptions,
): Promise<void> {
  const { locale, say, stderr } = context;
  for (const { payer, amount } of requests) {
    await say(shown`${stderr.pen.green('✓')} Asked ${payer} for ${moneyText(amount, locale)}.`);
  }
  try {
    const [only] = requests;
    if (qr && only) {
      await showWithLink(context, only);
    } else {
      await showRequests(context, requests, split === true);
    }
  } catch (error) {
    // Those people were asked: whoever reads only the status must not take it for a failure and ask again.
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure('unknown', `They were asked, but the result was lost (${reason}).`, {
      next: ['See: pay requests --outgoing'],
      figures: { title: 'It was done. The message says how to see it.' },
    });
  }
}

function askAgain({ amount, currency, memo }: RequestBody, besides: string | undefined): string {
  const words = [
    ...(memo === undefined ? [] : ['--memo', memo]),
    ...(besides === undefined ? [] : ['--confirm-duplicate', besides]),
  ];
  return ['pay request <user>', shellCommand([amount, currency, ...words])].join(' ');
}

/** Fails with whom a refusal met and why, after the others were asked. */
function refuseRefused(ends: readonly ShareEnd[], now: Date): void {
  const refused = ends.flatMap((end) => ('refusal' in end ? [end] : []));
  const [first] = refused;
  if (!first) {
    return;
  }
  if (ends.length === 1) {
    throw namingDuplicateFlag(first.refusal, now, askedAlready);
  }
  const [, ...rest] = refused.map(({ share, refusal }) => `${share.body.from}: ${refusal.message}`);
  throw new Failure(first.refusal.kind, `Not asked, ${first.share.body.from}: ${first.refusal.message}`, {
    ...(first.refusal.details.problem && { problem: first.refusal.details.problem }),
    below: rest,
    next: refused.map(({ share, refusal }) => askAgain(share.body, duplicateOf(refusal))),
    figures: {
      refused: refused.map(({ share, refusal }) => ({
        from: share.body.from,
        detail: refusal.message,
      })),
    },
  });
}

/** Shows what would be asked; nobody is asked. */
async function rehearse(context: Context, { shares }: Bill, isSplit: boolean): Promise<void> {
  const tried: RehearsedRequest[] = [];
  try {
    for (const { body } of shares) {
      tried.push(await rehearseRequest(context, body));
    }
  } catch (error) {
    throw namingDuplicateFlag(error, context.now(), askedAlready);
  }
  await context.say(shown`Nobody was asked: this is what would happen.`);
  await showRequests(context, tried, isSplit);
}

async function ask(context: Context, payer: Payer, terms: BillTerms, options: RequestOptions): Promise<void> {
  const bills = openBills(context.folder);
  const found = await findBill(context, bills, payer, terms, options);
  const { isUnderWay } = found;
  const bill = await agreedBill(context, found, payer, terms, options);
  if (!isUnderWay) {
    await bills.write(bill);
  }
  const ends = await askShares(context, bills, bill, isUnderWay);
  await showAsked(context, requestsOf(ends), options);
  refuseRefused(ends, context.now());
}

const request: Run<RequestOptions> = async (context, operands, options) => {
  if (options.qr && options.split) {
    throw new Failure('usage', '--qr shows one amount; with --split each has another.');
  }
  const payer = await payerOf(context);
  const terms = await askTerms(context, operands, options);
  if (options.dryRun) {
    await rehearse(context, makeBill(terms, options, payer, context.now()), options.split === true);
  } else {
    await ask(context, payer, terms, options);
  }
};

export function define(command: Command, start: Start): void {
  withExamples(command, [
    'pay request bob 10 --memo lunch                    ten of your currency',
    'pay request bob 10 USD --expires 7d',
    'pay request bob 10 --qr                            with a code for the camera of a phone',
    'pay request bob carol 90 --split --memo dinner     45 from each',
    'pay request bob carol 90 --split --include-me      30 from each, and 30 are yours',
  ])
    .usage('<user...> <amount> [currency] [options]')
    .argument('[words...]', 'whom to ask; how much, such as 12.50; your currency (default) or theirs')
    .option('-m, --memo <text>', 'what it is for')
    .option('--expires <when>', 'until when: 7d, 12h, a day or a time (30d)')
    .option('--split', 'the amount is a bill that they share')
    .option('--include-me', 'you have a share of the bill, too')
    .option('--qr', 'with a link to pay it, as a code for cameras')
    .option('--dry-run', 'only show what would happen')
    .option('--confirm-duplicate <id>', 'ask again, besides this request of a moment ago')
    .option('-y, --yes', 'do not ask')
    .option(
      '--key <key>',
      'the idempotency key; everybody is asked at most once for each, whatever was asked before',
    )
    .action(start(request, ({ qr }) => (qr ? { ...requestShape, link: 'value' } : requestShape)));
}
