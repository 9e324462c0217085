import type * as z from 'zod';

export interface EmptyBody {
  readonly value: unknown;
}

/** The value that an empty body stands for: nothing, or an object without members; undefined where the schema takes neither. */
export function emptyBodyOf(schema: z.ZodType): EmptyBody | undefined {
  return [{ value: undefined }, { value: {} }].find(({ value }) => schema.safeParse(value).success);
}
