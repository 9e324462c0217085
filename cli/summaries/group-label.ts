import type { SummaryJson } from '../../server/features/summaries/wire.js';
import { kindTexts } from '../history/kinds.js';
import type { NameOf } from '../people/names.js';

type By = SummaryJson['by'];

/** The header of a summary's first column. */
export const labelHeaders: Readonly<Record<By, string>> = {
  day: 'day',
  week: 'week',
  month: 'month',
  counterparty: 'with',
  kind: 'kind',
  memo: 'memo',
};

/** The label of a group; one without a key has no other side but the system, or no memo. */
export function groupLabel(by: By, key: string | null, nameOf: NameOf): string {
  if (by === 'counterparty') {
    return key === null ? 'the system' : nameOf(key);
  }
  if (by === 'kind' && key !== null) {
    return kindTexts[key] ?? key;
  }
  return key ?? 'without a memo';
}
