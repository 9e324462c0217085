import * as z from 'zod';

const amount = z.string().regex(/^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$/);

const currencyBooksSchema = z
  .strictObject({
    currency: z.string(),
    sum: amount.meta({ description: 'Over all accounts; zero, or the books are wrong.' }),
    issued: amount.meta({ description: 'What was put into circulation.' }),
    users: amount.meta({ description: 'What users hold.' }),
    exchange: amount.meta({
      description: 'What conversions have brought in, or taken out where it is negative.',
    }),
  })
  .meta({ id: 'CurrencyBooks' });

export type CurrencyBooksJson = z.output<typeof currencyBooksSchema>;

export const booksSchema = z
  .strictObject({
    balanced: z.boolean().meta({ description: 'Whether nothing at all is wrong.' }),
    payments: z.int().meta({ description: 'How many there are.' }),
    entries: z.int().meta({ description: 'How many there are.' }),
    currencies: z
      .array(currencyBooksSchema)
      .meta({ description: 'Those that somebody has an account in, or that money was moved in.' }),
    problems: z.array(z.string()).meta({ description: 'The first hundred, in words.' }),
    problemCount: z.int().min(0).meta({ description: 'How many there are in all.' }),
  })
  .meta({
    id: 'Books',
    description: 'What the check of the books has found, as of the moment when it began.',
    examples: [
      {
        balanced: true,
        payments: 3,
        entries: 8,
        currencies: [
          { currency: 'GBP', sum: '0.00', issued: '2000.00', users: '1990.00', exchange: '10.00' },
          { currency: 'USD', sum: '0.00', issued: '0.00', users: '12.70', exchange: '-12.70' },
        ],
        problems: [],
        problemCount: 0,
      },
    ],
  });

export type BooksJson = z.output<typeof booksSchema>;
