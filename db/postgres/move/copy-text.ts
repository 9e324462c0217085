/** What stands for what in the text format of COPY; all else stands for itself. */
const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

type Value = string | number | null | undefined;

function fieldOf(value: Value, isBytes: boolean): string {
  if (value === null || value === undefined) {
    return '\\N';
  }
  if (typeof value === 'number') {
    return String(value);
  }
  return isBytes
    ? `\\\\x${value}`
    : value.replace(/[\\\t\n\r]/g, (character) => escapes[character] as string);
}

/** Rows as COPY reads them, a line each. */
export function copyText(
  rows: readonly Readonly<Record<string, Value>>[],
  columns: readonly string[],
  bytes: readonly string[],
): string {
  const isBytes = columns.map((column) => bytes.includes(column));
  return rows
    .map(
      (row) =>
        `${columns.map((column, index) => fieldOf(row[column], isBytes[index] ?? false)).join('\t')}\n`,
    )
    .join('');
}
