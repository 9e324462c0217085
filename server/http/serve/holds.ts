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
  /** How many places are held. */
  readonly held: number;
}

const retryAfterSeconds = 15;

export function makeHolds(share: Share, refusals: HoldRefusals): Holds {
  const byHolder = makeTally<string | number>();
  const byNetwork = makeTally();
  let held = 0;

  return {
    get held() {
      return held;
    },
    hold(holder, network) {
      const ofNetwork = network === undefined ? 0 : byNetwork.of(network);
      if (byHolder.of(holder) >= share.ofOne || ofNetwork >= ofOneNetwork(share)) {
        throw new Refusal('RATE_LIMITED', refusals.ofOne, { retryAfterSeconds });
      }
      if (held >= share.inAll) {
        throw new Refusal('OVERLOADED', refusals.inAll, { retryAfterSeconds });
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
