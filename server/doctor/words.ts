const units = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const;

/** Bytes for people: `1.2 GB`. */
export function bytesText(bytes: number): string {
  const power = bytes < 1_000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1);
  const value = bytes / 1_000 ** power;
  return `${value < 10 && power > 0 ? value.toFixed(1) : Math.round(value)} ${units[power]}`;
}

const spans = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** How long something takes or ago it is, for people: `3 days`. */
export function spanText(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1_000));
  // A span is counted in a unit from two of it on, so that "1 day" never stands for nearly two.
  const [unit, size] = spans.find(([, one]) => seconds >= 2 * one) ?? (['second', 1] as const);
  const count = Math.floor(seconds / size);
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

const most = 3;

/** A few names, and how many there are beside them. */
export const namesText = (names: readonly string[]): string =>
  names.length <= most
    ? names.join(', ')
    : `${names.slice(0, most).join(', ')} and ${names.length - most} more`;

export const dayMs = 86_400_000;
