import { dialectOf } from '../../../db/dialect.js';
import type { Snapshot } from '../../../db/open/snapshot.js';
import type { ChainHeadRow } from '../../../db/tables/acts.js';
import { genesisHash } from '../../ledger/chain.js';
import { faultsOf } from './faults/problems.js';

export const readHeads = (snapshot: Snapshot, name: ChainHeadRow['name']): Promise<readonly ChainHeadRow[]> =>
  snapshot.raw<ChainHeadRow>(
    `select name, chain, position, ${dialectOf(snapshot).hex('hash')} as hash, "at" from chain_heads where name = ? order by chain`,
    [name],
  );

/** The faults of a count that stands among the heads: it has a place of its own, no hash and no time. */
export function countFaults(
  heads: readonly ChainHeadRow[],
  isRight: (count: number) => boolean,
): readonly string[] {
  const [head, ...others] = heads;
  return faultsOf([
    (head === undefined || others.length > 0 || head.chain !== 0) &&
      `stands in ${heads.length} places of the heads`,
    head !== undefined &&
      (head.hash !== genesisHash || head.at !== 0) &&
      'has a hash or a time, which it must not',
    head !== undefined && !isRight(head.position) && `cannot be ${head.position}`,
  ]);
}
