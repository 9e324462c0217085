import { z } from 'zod';

/** The query parameters that every list has. */
export const pageQuery = {
  limit: z
    .string()
    .regex(/^(?:[1-9][0-9]?|100)$/, { error: 'must be a whole number from 1 to 100' })
    .transform(Number)
    .default(20)
    .meta({
      description: 'How many to give, 1 to 100.',
      override: { type: 'integer', minimum: 1, maximum: 100, default: 20 },
    }),
  cursor: z.string().max(4096).optional().meta({
    description: 'Where to go on: `nextCursor` of the page before. It carries the filters of that page.',
  }),
};

/** A page of a list, newest first. */
export function pageSchema<Item extends z.ZodType>(item: Item) {
  return z.strictObject({
    data: z.array(item),
    nextCursor: z.string().nullable().meta({ description: 'The cursor of the next page; null on the last.' }),
  });
}
