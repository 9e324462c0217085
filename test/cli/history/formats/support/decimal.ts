const scale = 1_000_000n;

/** A decimal string as millionths, by arithmetic of its own. */
export function millionths(text: string): bigint {
  const [, sign, whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d{1,6}))?$/.exec(text) ?? [];
  if (whole === '') {
    throw new Error(`not a decimal: ${text}`);
  }
  const size = BigInt(whole) * scale + BigInt(fraction.padEnd(6, '0'));
  return sign === '-' ? -size : size;
}

/** Sums by name; what comes to nothing is left out. */
export class Sums {
  readonly #sums = new Map<string, bigint>();

  add(name: string, amount: bigint): void {
    this.#sums.set(name, (this.#sums.get(name) ?? 0n) + amount);
  }

  of(name: string): bigint {
    return this.#sums.get(name) ?? 0n;
  }

  /** The names whose sum is not zero. */
  left(): string[] {
    return [...this.#sums].filter(([, sum]) => sum !== 0n).map(([name]) => name);
  }
}
