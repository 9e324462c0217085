import assert from 'node:assert/strict';

/** Bits that one number sets in a half: with eight bits of room a number, one in forty that was not noted is taken for noted. */
const probes = 4;

/** Every bit of the number, of 32 bits, has its say in every bit of the result (the end of MurmurHash3). */
function mixed(number: number): number {
  let bits = number;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}

/** One number of 32 bits for several. */
export const joined = (first: number, second: number): number => mixed(mixed(first) + second);

/**
 * Numbers of 32 bits that were noted lately, as a Bloom filter of two halves: what was noted since the last turn but one is
 * never missed, a few others are taken for noted, and the room is bounded.
 */
export class RecentNumbers {
  #current: Uint32Array;
  #before: Uint32Array;
  readonly #mask: number;
  #noted = 0;

  /** Room of 2 to the power of `exponent` bits in each half. */
  constructor(exponent: number) {
    assert(exponent >= 5 && exponent <= 31);
    this.#mask = 2 ** exponent - 1;
    this.#current = new Uint32Array(2 ** (exponent - 5));
    this.#before = new Uint32Array(2 ** (exponent - 5));
  }

  /** How many were noted since the last turn. */
  get noted(): number {
    return this.#noted;
  }

  note(number: number): void {
    const step = mixed(number) | 1;
    for (let probe = 0, bit = number; probe < probes; probe += 1, bit += step) {
      const place = bit & this.#mask;
      this.#current[place >>> 5] = (this.#current[place >>> 5] as number) | (1 << (place & 31));
    }
    this.#noted += 1;
  }

  mayHold(number: number): boolean {
    return this.#isIn(this.#current, number) || this.#isIn(this.#before, number);
  }

  #isIn(half: Uint32Array, number: number): boolean {
    const step = mixed(number) | 1;
    for (let probe = 0, bit = number; probe < probes; probe += 1, bit += step) {
      const place = bit & this.#mask;
      if (((half[place >>> 5] as number) & (1 << (place & 31))) === 0) {
        return false;
      }
    }
    return true;
  }

  /** Forgets what was noted before the last turn. */
  turn(): void {
    const oldest = this.#before;
    this.#before = this.#current;
    this.#current = oldest.fill(0);
    this.#noted = 0;
  }
}
