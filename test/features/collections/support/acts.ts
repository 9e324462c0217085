import { rowNumber } from '../../../../server/ids.js';
import type { Outcome } from '../../../../server/ledger/outcome.js';
import type { Decision } from '../../../../server/ledger/rule.js';
import type { Money } from '../../../../server/money/money.js';
import { ruleNamed } from '../../../ledger/support/rule-named.js';
import type { Name } from '../../requests/support/act.js';
import { pounds, type World } from '../../requests/support/world.js';

export interface Collecting {
  readonly by?: Name;
  readonly name?: string;
  readonly money?: Money;
  readonly from?: readonly string[];
  readonly expiresAt?: number;
  readonly checkFunds?: boolean;
}

let keys = 0;

/** Alice, or who is named, collects ten pounds from bob and carol, or as said. */
export function collect(world: World, given: Collecting = {}, rest: Partial<Decision> = {}): Outcome {
  const { by = 'alice', name = 'trip', money = pounds(1_000), from = ['bob', 'carol'] } = given;
  const { expiresAt = null, checkFunds = false } = given;
  keys += 1;
  return world.do(
    { is: 'remind', by, request: '' },
    {
      rule: ruleNamed('create-collection'),
      input: { ownerId: world.idOf(by), name, amount: money, from, expiresAt },
      facts: { checkFunds },
      key: `collection ${keys}`,
      ...rest,
    },
  );
}

/** What an owner does with a collection. */
export const act = (world: World, verb: 'remind' | 'close', id: string, by: Name = 'alice'): Outcome =>
  world.do(
    { is: 'remind', by, request: '' },
    {
      rule: ruleNamed(`${verb}-collection`),
      input: { userId: world.idOf(by), collectionId: rowNumber('col', id) ?? 0 },
    },
  );
