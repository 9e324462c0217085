import type { Decision } from './rule.js';

/** A decision with the number under which it is asked for. */
export interface Numbered {
  readonly number: number;
  readonly decision: Decision;
}

/**
 * Decisions that travel in one message: what arrives in one turn of the event loop, but so many at most. Under load one
 * turn answers every connection, and the ledger would wait for all of that.
 */
const mostGathered = 8;

/** Gathers decisions, so that they are sent together. */
export class Outbox {
  readonly #send: (gathered: readonly Numbered[]) => void;
  #gathered: Numbered[] = [];

  constructor(send: (gathered: readonly Numbered[]) => void) {
    this.#send = send;
  }

  put(number: number, decision: Decision): void {
    const gathered = this.#gathered.push({ number, decision });
    if (gathered === mostGathered) {
      this.#flush();
    } else if (gathered === 1) {
      setImmediate(this.#flush);
    }
  }

  readonly #flush = (): void => {
    const gathered = this.#gathered;
    this.#gathered = [];
    if (gathered.length > 0) {
      this.#send(gathered);
    }
  };
}
