import * as z from 'zod';
import { microsOf } from '../../clock.js';
import { isMore } from '../../money/fraction.js';
import { hasAmountForm } from '../../money/parse.js';

type Query = Readonly<Record<string, unknown>>;

interface Bounds {
  readonly lower: string;
  readonly upper: string;
  /** Whether the lower bound lies above the upper one; false of what is not in the form of a bound, which is told elsewhere. */
  readonly isCrossed: (lower: string, upper: string) => boolean;
  readonly lowerFault: string;
  readonly upperFault: string;
}

/** The bounds that queries have, by the names that they have in all of them. */
const pairs: readonly Bounds[] = [
  {
    lower: 'since',
    upper: 'until',
    isCrossed: (since, until) => microsOf(since) > microsOf(until),
    lowerFault: 'must not be after until',
    upperFault: 'must not be before since',
  },
  {
    lower: 'minAmount',
    upper: 'maxAmount',
    isCrossed: (least, most) => hasAmountForm(least) && hasAmountForm(most) && isMore(least, most),
    lowerFault: 'must not be more than maxAmount',
    upperFault: 'must not be less than minAmount',
  },
];

/** The query of a list, which refuses bounds that leave nothing between them: an empty list would pass for an answer. */
export const boundedQuery = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.strictObject(shape).superRefine((query: Query, { addIssue, issues }) => {
    const refused = new Set(issues.map(({ path }) => path?.[0]));
    for (const { lower, upper, isCrossed, lowerFault, upperFault } of pairs) {
      const [least, most] = [lower, upper].map((name) => (refused.has(name) ? undefined : query[name]));
      if (typeof least === 'string' && typeof most === 'string' && isCrossed(least, most)) {
        addIssue({ code: 'custom', path: [lower], message: lowerFault });
        addIssue({ code: 'custom', path: [upper], message: upperFault });
      }
    }
  });
