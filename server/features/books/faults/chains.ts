import type { ChainHeadRow } from '../../../../db/tables/acts.js';
import { genesisHash } from '../../../ledger/chain.js';
import { faultsOf } from './problems.js';

/** A link as it stands in its table. */
export interface Link {
  readonly chain: number;
  readonly position: number;
  readonly hash: string;
  readonly at: number;
  /** The hash that its contents give after the link with this hash. */
  hashAfter(previousHash: string): string;
}

interface End {
  readonly position: number;
  readonly hash: string;
  readonly at: number;
}

const beginning: End = { position: 0, hash: genesisHash, at: 0 };

/**
 * Follows the chains of a table, whose links come in the order of their ids. `mayRunBack` is for records that two clocks
 * give the time to.
 */
export class Chains {
  readonly #ends = new Map<number, End>();
  readonly #mayRunBack: boolean;

  constructor({ mayRunBack }: { readonly mayRunBack: boolean }) {
    this.#mayRunBack = mayRunBack;
  }

  /** The faults of the next link. A break is told once: what follows is judged by what stands there. */
  faultsOfNext({ chain, position, hash, at, hashAfter }: Link): readonly string[] {
    const before = this.#ends.get(chain) ?? beginning;
    this.#ends.set(chain, { position, hash, at });
    return faultsOf([
      position !== before.position + 1 &&
        `stands at position ${position} of chain ${chain} where ${before.position + 1} comes next`,
      hash !== hashAfter(before.hash) && 'has another hash than its contents and the one before it give',
      !this.#mayRunBack && at < before.at && 'is earlier than the one before it',
    ]);
  }

  /** The faults at the ends: each chain must end where its head says, so that links cut off its end are missed. */
  faultsOfEnds(heads: readonly ChainHeadRow[]): readonly string[] {
    const known = new Set(heads.map(({ chain }) => chain));
    const headless = [...this.#ends.keys()].filter((chain) => !known.has(chain));
    return [
      ...headless.map((chain) => `chain ${chain} has no record of its end`),
      ...heads.flatMap((head) => {
        const end = this.#ends.get(head.chain) ?? beginning;
        const isSame = end.position === head.position && end.hash === head.hash && end.at === head.at;
        return isSame
          ? []
          : [
              `chain ${head.chain} ends at position ${end.position} with another link than was written last, at position ${head.position}`,
            ];
      }),
    ];
  }
}
