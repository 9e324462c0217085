import { Refusal } from '../../errors.js';
import type { Share } from '../../rate-figures.js';

/** What whoever is refused is told. */
export interface HoldRefusals {
  readonly ofOne: string;
  readonly inAll: string;
}

/** Places that are held for as long as something lasts, such as a stream. */
export interface Holds {
  /** Takes a place and gives the way to give it back. Throws RATE_LIMITED for one too many of this holder, OVERLOADED for one too many of all. */
  hold(holder: string | number): () => void;
  /** How many are held. */
  readonly held: number;
}

const retryAfterSeconds = 15;

export function makeHolds({ ofOne, inAll }: Share, refusals: HoldRefusals): Holds {
  const byHolder = new Map<string | number, number>();
  let held = 0;

  function giveBack(holder: string | number): void {
    held -= 1;
    const left = (byHolder.get(holder) ?? 0) - 1;
    if (left > 0) {
      byHolder.set(holder, left);
    } else {
      byHolder.delete(holder);
    }
  }

  return {
    get held() {
      return held;
    },
    hold(holder) {
      const before = byHolder.get(holder) ?? 0;
      if (before >= ofOne) {
        throw new Refusal('RATE_LIMITED', refusals.ofOne, { retryAfterSeconds });
      }
      if (held >= inAll) {
        throw new Refusal('OVERLOADED', refusals.inAll, { retryAfterSeconds });
      }
      held += 1;
      byHolder.set(holder, before + 1);
      let isHeld = true;
      return () => {
        if (isHeld) {
          isHeld = false;
          giveBack(holder);
        }
      };
    },
  };
}
