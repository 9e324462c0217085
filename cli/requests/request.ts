import type { Command } from 'commander';
import type { RequestJson } from '../../server/features/requests/wire.js';
import { findMe } from '../account/find-me.js';
import type { Run, Start } from '../command.js';
import type { Context } from '../context.js';
import { Failure } from '../failure.js';
import { withExamples } from '../help/help.js';
import { payerOf } from '../settling/payer.js';
import { moneyText } from '../terminal/money.js';
import { shellCommand } from '../terminal/shell-quote.js';
import { showCard, showList } from '../terminal/show.js';
import { visible } from '../terminal/visible.js';
import { askShares, type ShareEnd } from './ask-shares.js';
import { askWish } from './ask-wish.js';
import { billText } from './bill-text.js';
import { type Bill, openBills, type RequestBody } from './bills.js';
import { findBill } from './find-bill.js';
import type { BillOptions, BillWish } from './make-bill.js';
import { requestCells, requestColumns, requestFields } from './request-text.js';

interface RequestOptions extends BillOptions {
  readonly yes?: true;
}

async function agree(context: Context, bill: Bill, wish: BillWish, options: RequestOptions): Promise<void> {
  await context.prompts.show(billText(bill, wish, options.includeMe === true, context));
  const message = bill.shares.length === 1 ? 'Ask?' : `Ask these ${bill.shares.length}?`;
  if (!(await context.prompts.confirm({ message, flag: '--yes' }))) {
    throw new Failure('refused', 'Nobody was asked.');
  }
}

function requestsOf(ends: readonly ShareEnd[]): RequestJson[] {
  return ends.flatMap((end) => ('request' in end ? [end.request] : []));
}

async function showRequests(
  context: Context,
  requests: readonly RequestJson[],
  isSplit: boolean,
): Promise<void> {
  const [only] = requests;
  if (!isSplit && only) {
    await showCard(context, only, requestFields(only, context));
    return;
  }
  const { username } = await findMe(context);
  await showList(context, {
    rows: requests,
    columns: requestColumns(context, requests, username),
    machine: (request) => requestCells(request, username),
    empty: 'Nobody was asked.',
  });
}

async function showAsked(
  context: Context,
  requests: readonly RequestJson[],
  isSplit: boolean,
): Promise<void> {
  const { locale, say, stderr } = context;
  for (const { payer, amount } of requests) {
    await say(`${stderr.pen.green('✓')} Asked ${visible(payer)} for ${moneyText(amount, locale)}.`);
  }
  try {
    await showRequests(context, requests, isSplit);
  } catch (error) {
    // They were asked: whoever reads only the status must not take it for a failure and ask again.
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure('unknown', `They were asked, but the result was lost (${reason}).`, {
      next: ['See: pay requests --outgoing'],
    });
  }
}

function askAgain({ amount, currency, memo }: RequestBody): string {
  const words = memo === undefined ? [] : ['--memo', memo];
  return ['pay request <user>', shellCommand([amount, currency, ...words])].join(' ');
}

/** Where some were refused, says whom and why, after the others were asked. */
function refuseRefused(ends: readonly ShareEnd[]): void {
  const refused = ends.flatMap((end) => ('refusal' in end ? [end] : []));
  const [first] = refused;
  if (!first) {
    return;
  }
  if (ends.length === 1) {
    throw first.refusal;
  }
  const [, ...rest] = refused.map(({ share, refusal }) => `${share.body.from}: ${refusal.message}`);
  const others = rest.length === 0 ? '' : `\n${rest.join('\n')}`;
  throw new Failure(
    first.refusal.kind,
    `Not asked, ${first.share.body.from}: ${first.refusal.message}${others}`,
    {
      ...(first.refusal.details.problem && { problem: first.refusal.details.problem }),
      next: refused.map(({ share }) => askAgain(share.body)),
      figures: {
        refused: refused.map(({ share, refusal }) => ({
          from: share.body.from,
          detail: refusal.message,
        })),
      },
    },
  );
}

const request: Run<RequestOptions> = async (context, operands, options) => {
  const payer = await payerOf(context);
  const wish = await askWish(context, operands, options);
  const bills = openBills(context.folder);
  const { bill, isUnderWay } = await findBill(context, bills, payer, wish, options);
  const isSplit = options.split === true;
  // Nothing moves by asking, and it can be taken back: without a terminal the command line is enough.
  if (isSplit && !options.yes && context.prompts.canAsk) {
    await agree(context, bill, wish, options);
  }
  if (!isUnderWay) {
    await bills.write(bill);
  }
  const ends = await askShares(context, bills, bill, isUnderWay);
  await showAsked(context, requestsOf(ends), isSplit);
  refuseRefused(ends);
};

export function define(command: Command, start: Start): void {
  withExamples(command, [
    'pay request bob 10 --memo lunch                    ten of your currency',
    'pay request bob 10 USD --expires 7d',
    'pay request bob carol 90 --split --memo dinner     45 from each',
    'pay request bob carol 90 --split --include-me      30 from each, and 30 are yours',
  ])
    .usage('<user...> <amount> [currency] [options]')
    .argument('[words...]', 'whom to ask; how much, such as 12.50; your currency (default) or theirs')
    .option('-m, --memo <text>', 'what it is for')
    .option('--expires <when>', 'until when: 7d, 12h, a day or a time (30d)')
    .option('--split', 'the amount is a bill that they share')
    .option('--include-me', 'you have a share of the bill, too')
    .option('-y, --yes', 'do not ask')
    .option('--key <key>', 'the idempotency key; everybody is asked at most once for each')
    .action(start(request));
}
