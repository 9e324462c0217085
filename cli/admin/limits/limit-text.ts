import type { LimitJson } from '../../../server/features/limits/wire.js';
import { moneyText } from '../../terminal/money.js';

/** The amount that one may pay by a limit; empty where it sets none, and so another may. */
export function figureText(figure: LimitJson['perDay'], locale?: string): string {
  if (figure === null) {
    return '';
  }
  return figure === 'none' ? 'no limit' : moneyText(figure, locale);
}

/** Whom a limit holds for. */
export function limitHolder({ username, currency }: Pick<LimitJson, 'username' | 'currency'>): string {
  return username ?? `all who hold ${currency}`;
}

const cell = (figure: LimitJson['perDay']) => (typeof figure === 'string' ? figure : (figure?.amount ?? ''));

/** The names of a limit's cells, for a pipe. */
export const limitCellNames = ['currency', 'username', 'perPayment', 'perDay'];

/** The cells of a limit for a pipe, by these names. */
export function limitCells({ currency, username, perPayment, perDay }: LimitJson): string[] {
  return [currency, username ?? '', cell(perPayment), cell(perDay)];
}
