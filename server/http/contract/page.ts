import * as z from 'zod';

/** The most items of a list that are counted. */
export const mostCounted = 10_000;

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
  count: z.enum(['true', 'false']).optional().meta({
    description: 'Whether to say in `total` how many there are in all.',
  }),
};

/** A page of a list, newest first. */
function pageSchema<Item extends z.ZodType>(item: Item) {
  return z.strictObject({
    data: z.array(item),
    nextCursor: z.string().nullable().meta({ description: 'The cursor of the next page; null on the last.' }),
    total: z.int().min(0).max(mostCounted).nullable().optional().meta({
      description:
        'With `count=true`, how many there are on all pages together; null where there are more than 10,000.',
    }),
  });
}

export const linesMediaType = 'application/x-ndjson';

/** The media types that every list is given in besides pages of JSON: whole, as CSV or with the JSON of one item a line. */
export const wholeListMediaTypes = ['text/csv', linesMediaType] as const;

/** The answers of a route that gives a list in pages, and whole; `id` names the page in the document. */
export const listAnswers = <Item extends z.ZodType>(id: string, item: Item, things: string) => ({
  200: {
    description: `A page of ${things}, or all of them as CSV or lines of JSON.`,
    schema: pageSchema(item).meta({ id }),
    mediaTypes: wholeListMediaTypes,
  },
});
