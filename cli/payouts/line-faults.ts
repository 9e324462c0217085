import { Failure } from '../failure/failure.js';
import type { PayoutLine } from './file/payout-line.js';

const place = /^items\.(\d+)(?:\.(\w+))?$/;

/** The same failure with the lines of the file in the place of the server's items. */
export function inLines(error: unknown, lines: readonly PayoutLine[]): unknown {
  if (!(error instanceof Failure) || !error.details.fields) {
    return error;
  }
  const faults = error.details.fields.map(({ field, message }) => {
    const [, index, name] = place.exec(field) ?? [];
    const line = index === undefined ? undefined : lines[Number(index)]?.line;
    return line === undefined ? `${field}: ${message}` : `line ${line}: ${name ?? 'it'} ${message}`;
  });
  if (faults.length === 0) {
    return error;
  }
  return new Failure(error.kind, 'Nobody was paid: the server refuses these lines.', {
    ...error.details,
    below: faults.slice(0, 20),
    fields: [],
  });
}
