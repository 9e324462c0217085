import test from 'ava';
import fc from 'fast-check';
import { mostProblems, Problems } from '../../../server/features/books/faults/problems.js';
import { joinInOrder } from '../../../server/features/books/join-in-order.js';
import { booksReport } from '../../../server/features/books/report.js';

async function* pagesOf<Row>(rows: readonly Row[], size: number): AsyncGenerator<readonly Row[]> {
  for (let place = 0; place < rows.length; place += size) {
    yield rows.slice(place, place + size);
  }
}

const key = fc.integer({ min: -2, max: 12 });
const inOrder = (keys: readonly number[]) => keys.toSorted((one, other) => one - other);
const size = fc.integer({ min: 1, max: 5 });

test('each left gets its rights and every right is given once, wherever pages end', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(key),
      fc.array(key),
      size,
      size,
      async (lefts, rights, leftSize, rightSize) => {
        const joined = joinInOrder(
          { pages: pagesOf(inOrder(lefts), leftSize), keyOf: (left) => left },
          { pages: pagesOf(inOrder(rights), rightSize), keyOf: (right) => right },
        );
        const found: { left: number | undefined; rights: readonly number[] }[] = [];
        for await (const page of joined) {
          found.push(...page);
        }
        t.deepEqual(
          found.filter(({ left }) => left !== undefined),
          inOrder(lefts).map((left) => ({ left, rights: rights.filter((right) => right === left) })),
        );
        t.deepEqual(
          found.flatMap((one) => (one.left === undefined ? one.rights : [])),
          inOrder(rights).filter((right) => !lefts.includes(right)),
        );
      },
    ),
  );
});

test('of very many problems the first hundred are told, and how many there are', (t) => {
  const problems = new Problems();
  problems.addAll(
    Array.from({ length: 1_234 }, (_, number) => `is wrong in ${number}`),
    'it',
  );
  t.is(problems.count, 1_234);
  t.is(problems.sentences.length, mostProblems);
  t.is(problems.sentences[0], 'it is wrong in 0');
  const report = booksReport({
    ...{ balanced: false, payments: 1, entries: 2_000, currencies: [] },
    ...{ problems: [...problems.sentences], problemCount: problems.count },
  });
  t.regex(report, /^1 payment, 2,000 entries\nThe books are wrong: 1,234 problems\.\n- it is wrong in 0\n/);
  t.regex(report, /- it is wrong in 99\nand 1,134 more\.\n$/);
});
