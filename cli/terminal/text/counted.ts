/** A count of things with their name in the singular or the plural; `digits` are how it is written. */
export const counted = (count: number, one: string, many: string, digits = String(count)): string =>
  `${digits} ${count === 1 ? one : many}`;
