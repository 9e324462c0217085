import type { Command } from 'commander';
import { findCurrency } from '../../server/money/currency.js';
import { moneyJson } from '../../server/money/format.js';
import { parseAmount } from '../../server/money/parse.js';
import type { MoneyJson } from '../../server/money/wire.js';
import { findMe } from '../account/find-me.js';
import { type Answer, type Result, targetOf } from '../api/operation.js';
import { createdCollectionShape } from '../api/shapes.js';
import type { Run, Start } from '../command.js';
import type { Context } from '../context.js';
import { typedAmount } from '../conversion/typed-amount.js';
import { typedCurrency } from '../conversion/typed-currency.js';
import { Failure } from '../failure/failure.js';
import { withExamples } from '../help/help.js';
import { type CarryOutOptions, carryOut, showDone } from '../settling/carry-out.js';
import { payerOf } from '../settling/payer.js';
import type { CommandParts } from '../settling/settle-command.js';
import { checkAmount } from '../terminal/amount.js';
import { expiryOf } from '../terminal/expiry.js';
import { moneyText } from '../terminal/money.js';
import { joined, type Shown, shown } from '../terminal/text/shown.js';
import { localTime } from '../terminal/time.js';
import { askedOtherwiseText } from './asked-otherwise.js';
import { type CollectionBody, collectionAct } from './collection-act.js';
import { peopleText } from './remind.js';
import { showSummary } from './show-collection.js';

interface CollectOptions extends CarryOutOptions {
  readonly from?: readonly string[];
  readonly fromFile?: string;
  readonly expires?: string;
  readonly dryRun?: true;
}

type Rehearsed = Answer<'POST /v1/collections'>;
type Results = Rehearsed['results'];
type Refused = Extract<Results[number], { readonly outcome: 'refused' }>;

const isRefused = (one: Results[number]): one is Refused => one.outcome === 'refused';
const countOf = (results: Results, outcome: 'asked' | 'asked-before') =>
  results.filter((one) => one.outcome === outcome).length;

const wordsOf = (text: string) => text.split(/[\s,]+/).filter((word) => word !== '');

/** Whom to ask: from the command line, from a file, or from the person. Each once. */
async function peopleOf(context: Context, { from, fromFile }: CollectOptions): Promise<readonly string[]> {
  if (from !== undefined && fromFile !== undefined) {
    throw new Failure('usage', 'Give --from or --from-file, not both.');
  }
  if (fromFile !== undefined) {
    const { readClass } = await import('./class-file.js');
    return await readClass(fromFile);
  }
  const given = from?.flatMap(wordsOf) ?? [];
  if (given.length > 0) {
    return given;
  }
  const typed = await context.prompts.text({
    message: 'Whom to ask (usernames, with blanks between them):',
    flag: '--from',
    validate: (answer) => wordsOf(answer).length > 0 || 'Name somebody.',
  });
  return wordsOf(typed);
}

async function sumOf(
  context: Context,
  typed: string | undefined,
  given: string | undefined,
): Promise<{ readonly amount: string; readonly currency: string }> {
  const currency = given ?? (await findMe(context)).currency;
  if (typed === undefined) {
    const { askSum } = await import('../payments/ask-sum.js');
    const sum = await askSum(context, { username: 'each', currency: undefined }, 'ask', currency);
    return { amount: sum.amount, currency: sum.currency ?? currency };
  }
  const amount = await typedAmount(context, typed, currency);
  checkAmount(amount, currency);
  return { amount, currency };
}

/** What to collect, from the command line and, for what is missing there, from the person. @throws Failure */
async function askBody(
  context: Context,
  [name, amount, word]: readonly (string | undefined)[],
  options: CollectOptions,
): Promise<CollectionBody> {
  const { from, fromFile, expires } = options;
  const currency = await typedCurrency(context, word, 'Whom to ask goes behind --from.');
  context.prompts.gate([
    ...(name === undefined ? ['<name>'] : []),
    ...(amount === undefined ? ['<amount>'] : []),
    ...(from === undefined && fromFile === undefined ? ['--from'] : []),
  ]);
  const called =
    name ??
    (await context.prompts.text({
      message: 'What for:',
      flag: '<name>',
      validate: (answer) => answer.trim() !== '' || 'Give it a name.',
    }));
  const sum = await sumOf(context, amount, currency);
  const people = await peopleOf(context, options);
  return {
    name: called,
    ...sum,
    from: people,
    ...(expires !== undefined && { expiresAt: expiryOf(expires, context.now()) }),
  };
}

function collectCommand({ name, amount, currency, from, expiresAt }: CollectionBody): CommandParts {
  return {
    verb: ['collect'],
    operands: [name, amount, ...(currency === undefined ? [] : [currency])],
    flags: { '--from': from.join(','), '--expires': expiresAt },
  };
}

const refusedLines = (results: Results) =>
  results.filter(isRefused).map((one) => `${one.from}: ${one.detail}`);

/** The amount with all decimals of its currency, where that is known here. */
function withAllDigits(amount: string, code: string): MoneyJson {
  const currency = findCurrency(code);
  const parsed = currency && parseAmount(amount, currency);
  return parsed && 'minor' in parsed
    ? moneyJson({ minor: parsed.minor, currency: code })
    : { amount, currency: code };
}

const eachOf = (body: CollectionBody, { asked }: Rehearsed): MoneyJson =>
  withAllDigits(body.amount, asked.currency);

/** What the person who asks must see before saying yes: how many are asked for how much, who is not, and until when. */
async function rehearsalText(judged: Rehearsed, body: CollectionBody, context: Context): Promise<Shown> {
  const { locale, stderr } = context;
  const { results, expiresAt } = judged;
  const [asked, before] = [countOf(results, 'asked'), countOf(results, 'asked-before')];
  const each = moneyText(eachOf(body, judged), locale);
  const refused = refusedLines(results);
  const lines = [
    shown`  ${stderr.pen.dim('collection')}  ${judged.name}`,
    shown`  ${stderr.pen.dim('each')}        ${each}, asked of ${peopleText(asked)}`,
    ...(before === 0
      ? []
      : [shown`  ${stderr.pen.dim('before')}      ${peopleText(before)} asked already, and not again`]),
    shown`  ${stderr.pen.dim('together')}    ${moneyText(judged.asked, locale)}`,
    shown`  ${stderr.pen.dim('until')}       ${localTime(expiresAt)}`,
    ...(refused.length === 0 ? [] : [shown`  ${stderr.pen.yellow('!')} Not to be asked:`]),
    ...refused.map((line) => shown`    ${line}`),
    ...(await askedOtherwiseText(context, judged, eachOf(body, judged))),
  ];
  return joined(lines, '\n');
}

const rehearse = async (context: Context, body: CollectionBody): Promise<Rehearsed> =>
  (await context.api()).call('POST /v1/collections', { body: { ...body, dryRun: true } });

/** Shows whom the collection would ask, and asks whether to; where everybody was asked before there is nothing to agree to. */
async function agree(context: Context, body: CollectionBody): Promise<CollectionBody> {
  const judged = await rehearse(context, body);
  const asked = countOf(judged.results, 'asked');
  if (asked === 0) {
    return body;
  }
  await context.prompts.show(await rehearsalText(judged, body, context));
  const message = asked === 1 ? 'Ask?' : `Ask these ${asked}?`;
  if (!(await context.prompts.confirm({ message, flag: '--yes' }))) {
    throw new Failure('refused', 'Nobody was asked.');
  }
  return body;
}

async function tell(
  context: Context,
  answer: Rehearsed,
  body: CollectionBody,
  done: 'Asked' | 'Would ask',
): Promise<void> {
  const { results, name } = answer;
  const [asked, before] = [countOf(results, 'asked'), countOf(results, 'asked-before')];
  const again = before === 0 ? '' : `; ${peopleText(before)} had been asked before`;
  await context.say(
    asked === 0
      ? shown`Nobody new is asked for ${name}${again}.`
      : shown`${context.stderr.pen.green('✓')} ${done} ${peopleText(asked)} for ${name}${again}.`,
  );
  for (const line of await askedOtherwiseText(context, answer, eachOf(body, answer))) {
    await context.say(line);
  }
}

/** Fails with whom it could not ask and why, after the others were asked. */
function refuseRefused(results: Results): void {
  const refused = results.filter(isRefused);
  if (refused.length > 0) {
    const what = refused.length === 1 ? 'one person' : `${refused.length} people`;
    throw new Failure('refused', `Not asked: ${what}.`, {
      below: refusedLines(results),
      next: ['When that is mended, run it again: nobody is asked twice.'],
      figures: { refused },
    });
  }
}

const collect: Run<CollectOptions> = async (context, operands, options) => {
  const payer = await payerOf(context);
  const body = await askBody(context, operands, options);
  if (options.dryRun) {
    const judged = await rehearse(context, body);
    await context.say(shown`Nobody was asked: this is what would happen.`);
    await tell(context, judged, body, 'Would ask');
    await showSummary(context, { ...judged, id: judged.id ?? '–' }, judged);
    refuseRefused(judged.results);
    return;
  }
  const intent = {
    target: targetOf('POST /v1/collections'),
    body,
    describe: collectionAct,
    command: collectCommand,
    agree: (wanted: CollectionBody) => agree(context, wanted),
  };
  const { answer, pending } = await carryOut<CollectionBody, Result<'POST /v1/collections'>>(
    context,
    payer,
    intent,
    options,
  );
  await tell(context, answer, body, 'Asked');
  await showDone(pending, () => showSummary(context, answer, answer));
  refuseRefused(answer.results);
};

export function define(command: Command, start: Start): void {
  withExamples(command, [
    'pay collect "trip" 45 --from alice bob carol     45 from each, under one name',
    'pay collect "trip" 45 --from-file class.csv      a column of usernames',
    'pay collect "trip" 45 --from dave                dave, too; nobody is asked twice',
    'pay collections                                  who has paid',
  ])
    .argument('[name]', 'what for; a name for all of it')
    .argument('[amount]', 'how much from each, such as 12.50')
    .argument('[currency]', 'your currency (default) or theirs')
    .option('--from <user...>', 'whom to ask')
    .option('--from-file <csv>', 'whom to ask: a file with the column username, or with usernames alone')
    .option('--expires <when>', 'until when: 7d, 12h, a day or a time (30d)')
    .option('--dry-run', 'only show what would happen')
    .option('-y, --yes', 'do not ask')
    .option('--key <key>', 'the idempotency key; nobody is asked twice under any')
    .action(start(collect, createdCollectionShape));
}
