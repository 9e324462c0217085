import { Refusal } from '../../errors.js';
import { ofOneNetwork, type Share } from '../../rate-figures.js';
import { makeTally } from '../../tally.js';

/** The sentences for whoever is refused. */
export interface HoldRefusals {
  readonly ofOne: string;
  readonly inAll: string;
}

/** Places that are held for as long as something lasts, such as a stream. */
export interface Holds {
  /**
   * Takes a place and gives the way to give it back. Throws RATE_LIMITED for one too many of this holder, or of the network that
   * the holder is one of, and OVERLOADED for one too many of all.
   */
  hold(holder: string | number, network?: string): () => void;
  /** Whose places are all taken, so that `hold` would throw; undefined where none are. */
  obstacleTo(holder: string | number, network?: string): 'holder' | 'network' | 'all' | undefined;
  /** How many places are held. */
  readonly held: number;
}

const retryAfterSeconds = 15;

export function makeHolds(share: Share, refusals: HoldRefusals): Holds {
  const byHolder = makeTally<string | number>();
  const byNetwork = makeTally();
  let held = 0;

  function obstacleTo(holder: string | number, network: string | undefined) {
    if (byHolder.of(holder) >= share.ofOne) {
      return 'holder';
    }
    if (network !== undefined && byNetwork.of(network) >= ofOneNetwork(share)) {
      return 'network';
    }
    return held >= share.inAll ? 'all' : undefined;
  }

  return {
    get held() {
      return held;
    },
    obstacleTo,
    hold(holder, network) {
      const obstacle = obstacleTo(holder, network);
      if (obstacle === 'all') {
        throw new Refusal('OVERLOADED', refusals.inAll, { retryAfterSeconds });
      }
      if (obstacle !== undefined) {
        throw new Refusal('RATE_LIMITED', refusals.ofOne, { retryAfterSeconds });
      }
      held += 1;
      const leaves = [byHolder.add(holder), ...(network === undefined ? [] : [byNetwork.add(network)])];
      let isHeld = true;
      return () => {
        if (isHeld) {
          isHeld = false;
          held -= 1;
          for (const leave of leaves) {
            leave();
          }
        }
      };
    },
  };
}
