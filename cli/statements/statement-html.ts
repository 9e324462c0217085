import type { SummaryJson } from '../../server/features/summaries/wire.js';
import { balanceLine } from '../documents/balance-line.js';
import { type Html, html } from '../documents/html.js';
import { page } from '../documents/page.js';
import { memoText } from '../history/payment-text.js';
import { bareName } from '../people/names.js';
import { drawnMinor } from '../summaries/figures.js';
import { groupLabel } from '../summaries/group-label.js';
import { groupedDigits, moneyText } from '../terminal/money.js';
import type { Movement, Statement } from './statement.js';
import { movementWith } from './statement-text.js';

interface Look {
  readonly locale: string | undefined;
  readonly day: (timestamp: string) => Html;
}

function lookOf(locale: string | undefined): Look {
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' });
  const { locale: language } = format.resolvedOptions();
  return {
    locale,
    day: (timestamp) =>
      html`<time datetime="${timestamp}" lang="${language}">${format.format(new Date(timestamp))}</time>`,
  };
}

const amountCell = (text: string, name = '') => html`<td class="amount ${name}">${text}</td>`;

function movementRow(movement: Movement, { locale, day }: Look): Html {
  const { payment, isSent, own, balance } = movement;
  const amount = groupedDigits(own.amount, locale);
  return html`<tr>
<td>${day(payment.createdAt)}</td>
<th scope="row"><bdi>${movementWith(movement, bareName)}</bdi></th>
<td><bdi>${memoText(payment)}</bdi></td>
${isSent ? amountCell('') : amountCell(amount, 'in')}
${isSent ? amountCell(amount, 'out') : amountCell('')}
${amountCell(groupedDigits(balance.amount, locale))}
</tr>
`;
}

function movementTable({ holder, movements, closing }: Statement, look: Look): Html {
  if (movements.length === 0) {
    return html`<p>There were no payments.</p>`;
  }
  return html`<table>
<caption>Payments, in ${holder.currency}</caption>
<thead><tr><th scope="col">Day</th><th scope="col">With</th><th scope="col">Memo</th><th scope="col" class="amount">In</th><th scope="col" class="amount">Out</th><th scope="col" class="amount">Balance</th></tr></thead>
<tbody>
${movements.map((movement) => movementRow(movement, look))}</tbody>
<tfoot><tr><th scope="row" colspan="5">Closing balance</th>${amountCell(groupedDigits(closing.amount, look.locale))}</tr></tfoot>
</table>`;
}

function groupTable({ by, data, totals }: SummaryJson, title: string, { locale }: Look): Html {
  if (data.length === 0) {
    return html``;
  }
  const cells = (figures: SummaryJson['totals'][number]) =>
    (['in', 'out', 'net'] as const).map((name) => amountCell(groupedDigits(figures[name].amount, locale)));
  const rows = data.map(
    (
      group,
    ) => html`<tr><th scope="row"><bdi>${groupLabel(by, group.key, bareName)}</bdi></th>${cells(group)}${amountCell(String(group.count))}</tr>
`,
  );
  const sums = totals.map(
    (total) => html`<tr><th scope="row">All</th>${cells(total)}${amountCell(String(total.count))}</tr>`,
  );
  return html`<table>
<caption>${title}</caption>
<thead><tr><th scope="col">${by === 'kind' ? 'Kind' : 'With'}</th><th scope="col" class="amount">In</th><th scope="col" class="amount">Out</th><th scope="col" class="amount">Net</th><th scope="col" class="amount">Payments</th></tr></thead>
<tbody>
${rows}</tbody>
<tfoot>${sums}</tfoot>
</table>`;
}

function chart({ balances, holder }: Statement, { locale }: Look): Html {
  const [first, last] = [balances[0], balances.at(-1)];
  if (balances.length < 2 || first === undefined || last === undefined) {
    return html``;
  }
  const sorted = balances.toSorted((one, other) => drawnMinor(one.balance) - drawnMinor(other.balance));
  const [least, most] = [sorted[0], sorted.at(-1)].map((point) =>
    moneyText(point?.balance ?? first.balance, locale),
  );
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' });
  // A step ends when the next day begins.
  const label = (at: string) => format.format(new Date(Date.parse(at) - 1));
  return html`<h2>Balance</h2>
${balanceLine(
  balances.map(({ at, balance }) => ({ label: label(at), value: drawnMinor(balance) })),
  {
    title: `Balance in ${holder.currency} over time`,
    describe: `From ${moneyText(first.balance, locale)} on ${label(first.at)} to ${moneyText(last.balance, locale)} on ${label(last.at)}, at least ${least}, at most ${most}.`,
    most: `at most ${most}`,
    least: `at least ${least}`,
  },
)}`;
}

/** A statement as one HTML file, to be read, printed or kept. */
export function statementHtml(statement: Statement, locale: string | undefined): string {
  const look = lookOf(locale);
  const { holder, server, tz, since, until, opening, closing, byCounterparty, byKind } = statement;
  const last = new Date(Date.parse(until) - 1).toISOString();
  const [total] = byKind.totals;
  const money = (amount: Statement['opening']) => moneyText(amount, locale);
  const name = holder.displayName === null ? holder.username : `${holder.username} · ${holder.displayName}`;
  return page(
    `Statement of ${holder.username}`,
    html`<h1>Statement of <bdi>${name}</bdi></h1>
<p>${look.day(since)} to ${look.day(last)} <span class="faint">(days of ${tz})</span></p>
<p class="faint">${new URL(server).host}</p>
<dl>
<dt>Opening balance</dt><dd>${money(opening)}</dd>
<dt>In</dt><dd>${total ? money(total.in) : ''}</dd>
<dt>Out</dt><dd>${total ? money(total.out) : ''}</dd>
<dt>Closing balance</dt><dd><strong>${money(closing)}</strong></dd>
</dl>
${chart(statement, look)}
${movementTable(statement, look)}
${groupTable(byCounterparty, 'With whom', look)}
${groupTable(byKind, 'What for', look)}`,
  );
}
