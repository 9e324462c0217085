import type { SummaryJson } from '../../server/features/summaries/wire.js';
import type { Context } from '../context.js';
import { kindTexts } from '../history/kinds.js';
import { memoText } from '../history/payment-text.js';
import { fetchNames, type NameOf } from '../people/names.js';
import { groupLabel } from '../summaries/group-label.js';
import { groupedDigits, moneyText } from '../terminal/money.js';
import { dayOf, lastDayBefore } from '../terminal/period.js';
import { tableText } from '../terminal/show.js';
import type { Column } from '../terminal/table.js';
import { joined, type Shown, shown } from '../terminal/text/shown.js';
import type { Movement, Statement } from './statement.js';

/** Who is on the other side of a movement; the kind where it is the system. */
export const movementWith = ({ counterparty, payment }: Movement, nameOf: NameOf) =>
  counterparty === null ? (kindTexts[payment.kind] ?? payment.kind) : nameOf(counterparty);

function movementColumns({ locale, stdout: { pen } }: Context, nameOf: NameOf): readonly Column<Movement>[] {
  return [
    { header: 'day', people: ({ payment }) => dayOf(payment.createdAt) },
    {
      header: 'with',
      people: (movement) => `${movement.isSent ? '→' : '←'} ${movementWith(movement, nameOf)}`,
      mayShrink: true,
      leastWidth: 8,
    },
    {
      header: 'amount',
      people: ({ isSent, own }) => `${isSent ? '-' : '+'}${groupedDigits(own.amount, locale)}`,
      align: 'right',
      paint: (text, { isSent }) => (isSent ? pen.yellow(text) : pen.green(text)),
    },
    { header: 'balance', people: ({ balance }) => groupedDigits(balance.amount, locale), align: 'right' },
    { header: 'memo', people: ({ payment }) => memoText(payment), mayShrink: true, mayFold: true },
  ];
}

type Group = SummaryJson['data'][number];

function groupColumns({ locale }: Context, { by }: SummaryJson, nameOf: NameOf): readonly Column<Group>[] {
  return [
    {
      header: by === 'kind' ? 'kind' : 'with',
      people: ({ key }) => groupLabel(by, key, nameOf),
      mayShrink: true,
    },
    { header: 'in', people: (group) => groupedDigits(group.in.amount, locale), align: 'right' },
    { header: 'out', people: ({ out }) => groupedDigits(out.amount, locale), align: 'right' },
    { header: 'payments', people: ({ count }) => String(count), align: 'right', mayFold: 'late' },
  ];
}

/** A statement for a terminal, or as a text. */
export async function statementText(context: Context, statement: Statement): Promise<Shown> {
  const { pen } = context.stdout;
  const { holder, since, until, opening, closing, movements, byCounterparty, byKind } = statement;
  const nameOf = await fetchNames(
    context,
    movements.map(({ counterparty }) => counterparty),
  );
  const part = async (summary: SummaryJson, title: string) =>
    shown`\n${pen.bold(title)}\n${await tableText(context, groupColumns(context, summary, nameOf), summary.data)}`;
  const balance = (label: string, money: Statement['opening']) =>
    shown`${pen.dim(label)} ${pen.bold(moneyText(money, context.locale))}\n`;
  const table = () => tableText(context, movementColumns(context, nameOf), movements);
  return joined([
    shown`${pen.bold(holder.username)}, ${dayOf(since)} to ${lastDayBefore(until)}\n\n`,
    balance('opening balance', opening),
    movements.length === 0 ? shown`\nThere were no payments.\n\n` : shown`\n${await table()}\n`,
    balance('closing balance', closing),
    ...(movements.length === 0
      ? []
      : [await part(byCounterparty, 'With whom'), await part(byKind, 'What for')]),
  ]);
}
