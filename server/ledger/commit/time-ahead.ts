import type { Decision } from '../rule.js';
import { type AskedAhead, askAhead, type DecidingParts } from './open-batch.js';

/** How long what the service was asked is the time of a batch that begins. */
const freshForMicros = 10_000;

/**
 * The time of a batch that is yet to come, asked for while the one before is being written: what arrives meanwhile need not wait for
 * the service. What was asked too long ago is dropped.
 */
export class TimeAhead {
  readonly #parts: DecidingParts;
  #asked: { readonly time: AskedAhead; readonly atMicros: number } | undefined;

  constructor(parts: DecidingParts) {
    this.#parts = parts;
  }

  /** Asks, where one of these needs the time: what comes next is most likely alike. */
  ask(decisions: readonly Decision[]): void {
    this.#asked = { time: askAhead(this.#parts, decisions), atMicros: this.#parts.machineMicros() };
  }

  /** What was asked, once, and only while it is fresh. */
  take(): AskedAhead {
    const asked = this.#asked;
    this.#asked = undefined;
    if (asked === undefined) {
      return undefined;
    }
    const ageMicros = this.#parts.machineMicros() - asked.atMicros;
    return ageMicros >= 0 && ageMicros <= freshForMicros ? asked.time : undefined;
  }
}
