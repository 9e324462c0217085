import { narrow } from './json-fields.js';
import type { Output } from './output.js';
import { asItStands, type Shown } from './text/shown.js';
import { safeJson, visibleLines } from './text/visible.js';

export type JsonLook = Pick<Output, 'stdout' | 'flags' | 'areFieldsChecked' | 'filter'>;

/** JSON as wide as a terminal is read, or in one line for a pipe. */
export function jsonIndent({ stdout }: Pick<Output, 'stdout'>): number | undefined {
  return stdout.isTerminal ? 2 : undefined;
}

/**
 * Values as JSON, each on lines of its own, after --fields and --jq. Of what a filter gives, text stands as it is,
 * without quotes.
 */
export function jsonLines(look: JsonLook, values: readonly object[], indent?: number): Shown {
  const { flags, areFieldsChecked, filter } = look;
  const narrowed = values.map((value) => narrow(value, flags.fields, areFieldsChecked));
  if (filter === undefined) {
    return asItStands(narrowed.map((value) => `${safeJson(value, indent)}\n`).join(''));
  }
  const results = filter
    .apply(narrowed)
    .map((result) => `${typeof result === 'string' ? visibleLines(result) : safeJson(result, indent)}\n`);
  return asItStands(results.join(''));
}
