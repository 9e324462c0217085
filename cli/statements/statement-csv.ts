import { csvLine } from '../terminal/csv.js';
import type { Movement, Statement } from './statement.js';

const columns = ['createdAt', 'kind', 'counterparty', 'amount', 'currency', 'balance', 'memo', 'id'];

/** The cells of a movement for programs; what was sent is negative. */
export function movementCells({ payment, isSent, own, counterparty, balance }: Movement): readonly string[] {
  return [
    ...[payment.createdAt, payment.kind, counterparty ?? ''],
    ...[`${isSent ? '-' : ''}${own.amount}`, own.currency, balance.amount],
    ...[payment.memo ?? '', payment.id ?? ''],
  ];
}

/** The movements between a line with the opening and one with the closing balance. */
export function statementCsv({ since, until, opening, closing, movements }: Statement): string {
  const balanceCells = (at: string, kind: string, { amount, currency }: Statement['opening']) => [
    ...[at, kind, '', '', currency, amount, '', ''],
  ];
  return [
    columns,
    balanceCells(since, 'opening_balance', opening),
    ...movements.map(movementCells),
    balanceCells(until, 'closing_balance', closing),
  ]
    .map(csvLine)
    .join('');
}
