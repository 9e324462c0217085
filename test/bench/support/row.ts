import type { Setting } from './setting.js';

/** One line of the table: what is wanted of a figure. */
export interface Row {
  /** What `--only` calls it. */
  readonly name: string;
  readonly what: string;
  readonly better: 'more' | 'less';
  readonly must: number;
  readonly aim?: number;
  readonly text: (figure: number) => string;
}

export interface Findings {
  /** What was reached, by the name of the row. */
  readonly figures: Readonly<Record<string, number>>;
  /** Rows whose reference was held back, by its load or by the machine: their figures are better than the truth. */
  readonly flattered?: readonly string[];
  /** What else is worth knowing, one sentence each. */
  readonly notes: readonly string[];
}

/** Rows that are measured together. */
export interface Bench {
  readonly rows: readonly Row[];
  readonly measure: (setting: Setting) => Promise<Findings>;
}

export type Verdict = 'MISSED' | 'reached' | 'aim reached' | 'not known';

/** What is not a number was not reached. A flattered figure may miss what is wanted, but shows nothing where it does not. */
export function verdictOf({ better, must, aim }: Row, figure: number, isFlattered = false): Verdict {
  const reaches = (wanted: number) => (better === 'more' ? figure >= wanted : figure <= wanted);
  if (!reaches(must)) {
    return 'MISSED';
  }
  if (isFlattered) {
    return 'not known';
  }
  return aim !== undefined && reaches(aim) ? 'aim reached' : 'reached';
}

export const asRatio = (figure: number) => figure.toFixed(2);
export const asTimes = (figure: number) => `${figure.toFixed(2)} ×`;
export const asSeconds = (figure: number) => `${figure.toFixed(2)} s`;
export const asMegabytes = (figure: number) => `${figure.toFixed(0)} MB`;
export const asPercent = (figure: number) => `${figure.toFixed(2)} %`;
export const asCount = (figure: number) => Math.round(figure).toLocaleString('en');
