import type { Context } from '../context.js';
import { decimalPoint, moneyText } from '../terminal/money.js';
import { alignOnPoint, padEnd } from '../terminal/text/align.js';
import { counted } from '../terminal/text/counted.js';
import { joined, type Part, type Shown, shown } from '../terminal/text/shown.js';
import { stdinPath } from './file/read-file.js';
import { type LineResult, reasonOf } from './line-result.js';
import type { FileRehearsal } from './rehearse-file.js';

const mostShown = 20;

/** What the person who pays must see before saying yes: how many, how much of which currency, and what is left. */
export function totalsText(
  { results, sent, received, people, available }: FileRehearsal,
  { locale, stderr }: Pick<Context, 'locale' | 'stderr'>,
): Shown {
  const payable = results.filter(({ status }) => status !== 'refused').length;
  const payments = counted(payable, 'payment', 'payments', payable.toLocaleString(locale));
  const amounts = alignOnPoint(
    [sent, ...received, available].map((money) => moneyText(money, locale)),
    decimalPoint(locale),
  );
  const labels = ['you pay', ...received.map((_, at) => (at === 0 ? 'they receive' : '')), 'you have now'];
  const width = Math.max(...labels.map(({ length }) => length));
  const rows = labels.map(
    (label, at) => shown`  ${stderr.pen.dim(padEnd(label, width))}  ${amounts[at] ?? ''}`,
  );
  const head = `  ${payments} to ${counted(people, 'person', 'people', people.toLocaleString(locale))}`;
  return joined([head, ...rows], '\n');
}

/** What is missing to pay everybody, where somebody can be paid; no text where nothing is missing. */
export function shortfallText(
  { missing, available, results }: FileRehearsal,
  { locale, stderr }: Pick<Context, 'locale' | 'stderr'>,
): Shown {
  return missing === undefined || results.every(({ status }) => status === 'refused')
    ? joined([])
    : shown`${stderr.pen.yellow('!')} You have ${moneyText(available, locale)}, ${moneyText(missing, locale)} too little for the whole file; the lines that it does not suffice for are not paid.`;
}

/** The lines that are refused, each with why; the first twenty of them. */
export function refusedText(results: readonly LineResult[], { stderr }: Pick<Context, 'stderr'>): Shown {
  const refused = results.filter(({ status }) => status === 'refused');
  const texts: readonly Part[] = refused
    .slice(0, mostShown)
    .map((result) => shown`${stderr.pen.yellow('!')} line ${result.line}, ${result.to}: ${reasonOf(result)}`);
  const rest =
    refused.length > mostShown
      ? [`  and ${counted(refused.length - mostShown, 'more line', 'more lines')}`]
      : [];
  return joined([...texts, ...rest], '\n');
}

/** How many lines a payout has paid, as a sentence, and whether an earlier run had settled some of them. */
export function madeText(results: readonly LineResult[], replayed: number, path: string): string {
  const paid = results.filter(({ status }) => status === 'paid').length;
  const lines = results.length === 1 ? 'it' : `${replayed} of the ${results.length} lines`;
  const earlier = replayed === 0 ? '' : ` An earlier run had settled ${lines}; nobody was paid twice.`;
  return `Made ${counted(paid, 'payment', 'payments')}${path === stdinPath ? '' : ` of ${path}`}.${earlier}`;
}

/** How many lines were refused, or would be, and what becomes of the others, as a sentence. */
export function refusedCountText(refused: number, total: number, isDryRun: boolean): string {
  const was = (count: number) => (count === 1 ? 'was' : 'were');
  const were = isDryRun ? 'would be' : was(refused);
  if (refused === total) {
    return total === 1
      ? `The one line ${were} refused.`
      : `All ${total} lines ${were} refused; nobody was paid.`;
  }
  const others = total - refused;
  const what = others === 1 ? 'other' : 'others';
  return `${refused} of ${total} lines ${were} refused; the ${what} ${isDryRun ? 'could be' : was(others)} paid.`;
}
